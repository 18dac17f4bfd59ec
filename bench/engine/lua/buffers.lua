-- String building: by concatenation, in lists joined at the end, by rep and reverse, numbers as text.
return function()
  local n = 0
  for round = 1, 40 do
    local s = ""
    for i = 1, 500 do s = s .. i .. "," end
    n = n + #s
    local parts = {}
    for i = 1, 500 do parts[#parts + 1] = "<" .. i .. ">" end
    n = n + #table.concat(parts, ";")
    local rows = {}
    for y = 1, 20 do
      local row = {}
      for x = 1, 20 do row[x] = (x * y % 3 == 0) and "#" or "." end
      rows[y] = table.concat(row)
    end
    local text = table.concat(rows, "\n")
    n = n + #text + #(("ab"):rep(round)) + #(text:reverse()) + text:byte(round)
  end
  return n
end
