local redis = require("nauthilus_redis")
local lazy = setmetatable({}, {__index = function(t, k) return redis.redis_get("default", k) end})
local plain = {x = 1}
local function reads_lazy() return lazy.name end
local function reads_plain() return plain.x end
local callable = setmetatable({}, {__call = function(self, k) return redis.redis_get("default", k) end})
local function calls() return callable("k") end
local function adds(a, b) return a + b end
