dynamic_loader("nauthilus_gll_plugin")
local plugin = require("plugin")

local jobs, results = channel.make(10), channel.make(10)
local worker = plugin.do_string([[
  local jobs, results = arg[1], arg[2]
  while true do
    local ok, n = jobs:receive()
    if not ok then break end
    results:send(n * n)
  end
]], jobs, results)
worker:run()

for n = 1, 3 do jobs:send(n) end
jobs:close()
print(worker:wait(30)) --> 
local sum = 0
for _ = 1, 3 do
  local _, square = results:receive()
  sum = sum + square
end
print(sum, worker:is_running(), worker:error() == nil) --> 14	false	true

local index, value = channel.select({ "|<-", results }, { "default" })
print(index, value) --> 2	nil
