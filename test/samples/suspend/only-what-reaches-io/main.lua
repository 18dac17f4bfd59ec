local redis = require("nauthilus_redis")
local context = require("nauthilus_context")

local function key(user) return "user:" .. string.lower(user) end
local function lookup(user) return redis.redis_get("default", key(user)) end
local function log(text) print(text) end

function nauthilus_call_filter(request)
  local value, err = lookup(request.username)
  if err then log(err) end
  context.context_set("seen", value)
  return 0
end
function nauthilus_call_action(request) log(request.username) end
