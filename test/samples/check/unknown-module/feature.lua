dynamic_loader("nauthilus_redis")
dynamic_loader("nauthilus_rediss")
local redis = require("nauthilus_redis")
local backend = require("nauthilus_backend")
local ok, guarded = pcall(function() return require("nauthilus_backend") end)

function nauthilus_call_feature()
  print(redis, backend, ok, guarded, pcall(require, "nauthilus_backend"))
  return nauthilus_builtin.FEATURE_TRIGGER_NO, nauthilus_builtin.FEATURES_ABORT_NO, nauthilus_builtin.FEATURE_RESULT_OK
end
