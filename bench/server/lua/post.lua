-- Login counter: two Redis commands (HINCRBY, EXPIRE).
dynamic_loader("nauthilus_redis")
local redis = require("nauthilus_redis")
dynamic_loader("nauthilus_context")
local context = require("nauthilus_context")

function nauthilus_call_action(request)
  local shared = context.context_get("bench") or {}
  local field = request.authenticated and "success" or "failure"

  local _, err = redis.redis_hincrby("default", "bench:logins", field, 1)
  if err then
    return nauthilus_builtin.ACTION_RESULT_FAIL
  end
  redis.redis_expire("default", "bench:logins", 3600)

  nauthilus_builtin.custom_log_add("filtered", shared.filter == true)
  return nauthilus_builtin.ACTION_RESULT_OK
end
