-- Text building and reading: concatenation, sub, byte, format, gsub, table.concat.
return function()
  local n = 0
  for i = 1, 3000 do
    local line = "user" .. i .. "@example.org:" .. (i * 3) .. ";" .. tostring(i % 7 == 0)
    local at = line:find("@", 1, true)
    local name, domain = line:sub(1, at - 1), line:sub(at + 1)
    for j = 1, #name do n = n + name:byte(j) end
    local parts = {}
    for word in domain:gmatch("%w+") do parts[#parts + 1] = word:upper() end
    n = n + #table.concat(parts, "/") + #string.format("%-10s|%5d|%s", name, i, domain)
    n = n + #(line:gsub("%d", "x"))
  end
  local s = "" for i = 1, 20000 do s = s .. "x" end
  return n + #s
end
