local redis = require("nauthilus_redis")
function fetch(k) return redis.redis_get("default", k) end
local function through_global() return fetch("k") end
local function through_table() return _G.fetch("k") end
local function through_environment() return getfenv().fetch("k") end
local sandbox = setfenv(function() return get("k") end, {get = fetch})
local function boxed() return sandbox() end
