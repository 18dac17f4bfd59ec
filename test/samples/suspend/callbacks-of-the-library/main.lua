local redis = require("nauthilus_redis")
local function get(k) return redis.redis_get("default", k) end
local function protected(k) return pcall(get, k) end
local function protected_plain(k) return pcall(tostring, k) end
local function with_handler(k) return xpcall(function() return 1 end, function(e) return get(e) end) end
local function sorted(t) table.sort(t, function(a, b) return get(a) < get(b) end) end
local function sorted_plain(t) table.sort(t, function(a, b) return a < b end) end
local function replaced(s) return s:gsub("%w+", get) end
local function replaced_plain(s) return s:gsub("%w+", "x") end
local function direct_host(k) return pcall(redis.redis_get, "default", k) end
