local redis = require("nauthilus_redis")
local function members(list) local i = 0 return function() i = i + 1 return redis.redis_get("default", list[i]) end end
local function waits(list) for v in members(list) do print(v) end end
local function plain(list) for k, v in pairs(list) do print(k, v) end for w in ("a b"):gmatch("%a") do print(w) end end
local function next_plain(list) for k in next, list do print(k) end end
