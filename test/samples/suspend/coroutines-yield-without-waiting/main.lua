local redis = require("nauthilus_redis")
local function numbers(n) for i = 1, n do coroutine.yield(i) end end
local function sum() local s = 0 for i in coroutine.wrap(function() numbers(3) end) do s = s + i end return s end
local function drive(co) return coroutine.resume(co) end
local function run() return drive(coroutine.create(numbers)) end
