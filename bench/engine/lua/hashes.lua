-- Tables as dictionaries: computed string keys, traversal, counting words.
local words = {}
for i = 1, 200 do words[i] = "word" .. (i * 7919 % 1000) end
return function()
  local total = 0
  for round = 1, 200 do
    local counts = {}
    for i = 1, #words do local w = words[i] counts[w] = (counts[w] or 0) + 1 end
    for k, v in pairs(counts) do total = total + v * #k end
    local record = { user = "u", realm = "r", port = round, ok = true }
    for k, v in pairs(record) do if v == true then total = total + 1 end end
  end
  return total
end
