--- Action of type `lua`: runs when a Lua feature rejected a login, while the client still waits. Counts how often each
-- address was blocked within the last hour.

dynamic_loader("nauthilus_redis")

local redis = require("nauthilus_redis")

local HOUR = "3600"

function nauthilus_call_action(request)
  local key = "demo:blocked:" .. request.client_ip
  -- The script was uploaded by init.lua; its name stands for its code.
  local count, err = redis.redis_run_script("default", "", "count_with_expiry", { key }, { HOUR })

  if err then
    nauthilus_builtin.custom_log_add("count_blocked", err)

    return nauthilus_builtin.ACTION_RESULT_FAIL
  end

  nauthilus_builtin.custom_log_add("blocked_within_hour", count)

  return nauthilus_builtin.ACTION_RESULT_OK
end
