-- Patterns over log lines: find, match with captures, gmatch, gsub with text, table and function.
local lines = {}
for i = 1, 200 do
  lines[i] = ("2024-%02d-%02d host%d sshd[%d]: login user=name%d@example.org from 10.0.%d.%d port %d"):format(i % 12 + 1, i % 28 + 1, i % 5, i * 7, i, i % 256, i * 3 % 256, 1024 + i)
end
local short = { user = "u", port = "p", from = "f" }
return function()
  local n = 0
  for i = 1, #lines do
    local line = lines[i]
    local y, m, d = line:match("^(%d+)-(%d+)-(%d+)")
    n = n + tonumber(y) + tonumber(m) + tonumber(d)
    local user, domain = line:match("user=([%w_]+)@([%w.]+)")
    n = n + #user + #domain
    for octet in line:match("from (%d+%.%d+%.%d+%.%d+)"):gmatch("%d+") do n = n + tonumber(octet) end
    local from, to = line:find("%[%d+%]")
    n = n + to - from
    n = n + #(line:gsub("%d", "#")) + #(line:gsub("%a+", short)) + #(line:gsub("(%w+)=(%w+)", function(k, v) return v .. "=" .. k end))
    if line:find("port", 1, true) then n = n + 1 end
  end
  return n
end
