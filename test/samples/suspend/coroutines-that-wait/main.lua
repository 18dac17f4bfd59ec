local redis = require("nauthilus_redis")
local function rows() coroutine.yield(redis.redis_get("default", "k")) end
local function first() return coroutine.wrap(rows)() end
local function status(co) return coroutine.status(co) end
