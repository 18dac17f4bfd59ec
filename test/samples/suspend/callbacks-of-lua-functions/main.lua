local redis = require("nauthilus_redis")
local function each(t, fn) for _, v in ipairs(t) do fn(v) end end
local function each_plain(t, fn) for _, v in ipairs(t) do fn(v) end end
local function a(t) each(t, function(v) redis.redis_set("default", v, 1) end) end
local function b(t) each_plain(t, function(v) print(v) end) end
local function later(fn) return function(...) return fn(...) end end
local read = later(function(k) return redis.redis_get("default", k) end)
local function c(k) return read(k) end
