-- Block list: one Redis command (SISMEMBER).
dynamic_loader("nauthilus_redis")
local redis = require("nauthilus_redis")
dynamic_loader("nauthilus_context")
local context = require("nauthilus_context")

function nauthilus_call_feature(request)
  local listed, err = redis.redis_sismember("default", "bench:blocked", request.client_ip)
  if err then
    return nauthilus_builtin.FEATURE_TRIGGER_NO, nauthilus_builtin.FEATURES_ABORT_NO, nauthilus_builtin.FEATURE_RESULT_FAIL
  end

  context.context_set("bench", { feature = true, listed = listed })
  nauthilus_builtin.custom_log_add("listed", listed)

  if listed then
    return nauthilus_builtin.FEATURE_TRIGGER_YES, nauthilus_builtin.FEATURES_ABORT_YES, nauthilus_builtin.FEATURE_RESULT_OK
  end
  return nauthilus_builtin.FEATURE_TRIGGER_NO, nauthilus_builtin.FEATURES_ABORT_NO, nauthilus_builtin.FEATURE_RESULT_OK
end
