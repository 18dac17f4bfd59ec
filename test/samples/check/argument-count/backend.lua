local redis = require("nauthilus_redis")
local misc = require("nauthilus_misc")
local function key() return "a", "b" end

function nauthilus_backend_verify_password(request)
  local result = nauthilus_backend_result.new()
  redis.redis_get("default")
  redis.redis_get("default", "k")
  redis.redis_get(key())
  redis.redis_hget("default", key())
  misc.get_country_name("DE", "short")
  misc.get_country_name()
  result:authenticated(true, 1)
  result.authenticated(result, true)
  nauthilus_builtin.custom_log_add("only a key")
  nauthilus_builtin.status_message_set(request.username .. "!")
  return nauthilus_builtin.BACKEND_RESULT_OK, result
end
