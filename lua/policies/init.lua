--- Init script: runs once, before the server answers. Prepares what all later scripts rely on.

dynamic_loader("nauthilus_redis")

local redis = require("nauthilus_redis")
local util = require("nauthilus_util")

-- Counts a key up and lets it expire a while after its first use, as one step: two requests cannot get in between.
local COUNT_WITH_EXPIRY = [[
local count = redis.call("INCR", KEYS[1])
if count == 1 then
  redis.call("EXPIRE", KEYS[1], ARGV[1])
end
return count
]]

function nauthilus_run_hook(logging)
  local _, err = redis.redis_upload_script("default", COUNT_WITH_EXPIRY, "count_with_expiry")

  util.print_result(logging, { level = "info", script = "init", msg = "demo policies are ready" }, err)
end
