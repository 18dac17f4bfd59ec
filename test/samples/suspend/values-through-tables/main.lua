local redis = require("nauthilus_redis")
local handlers, plain_handlers = {}, {}
handlers[#handlers + 1] = function(k) return redis.redis_get("default", k) end
table.insert(plain_handlers, function(k) return k end)
local function all(k) for _, handler in ipairs(handlers) do handler(k) end end
local function all_plain(k) for _, handler in ipairs(plain_handlers) do handler(k) end end
local by_name = {}
function by_name.set(k) return redis.redis_set("default", k, 1) end
local function dispatch(name, k) return by_name[name](k) end
local function swap(t) local f = select(2, unpack(handlers)) return f(t) end
