local redis_get = require("nauthilus_redis").redis_get
local api = {read = redis_get, note = print}
local function by_local(k) return redis_get("default", k) end
local function by_field(k) return api.read("default", k) end
local function by_other_field(k) return api.note(k) end
local function by_constant_key(k) return api["read"]("default", k) end
local function by_computed_key(k, what) return api[what]("default", k) end
local function same_name_elsewhere() local cache = {} function cache.redis_get() return 1 end return cache.redis_get() end
