local redis = require("nauthilus_redis")
local same = redis
local json = require("json")
json.extra = function() return 1 end
shared_redis = require("nauthilus_redis")

function nauthilus_backend_verify_password(request)
  local result = nauthilus_backend_result.new()
  print(redis.redis_gett("default", "k"), same.redis_get("default", "k"), same.nope())
  print(json.encode({}), json.extra(), shared_redis.redis_hgett("default", "k", "f"))
  if redis.redis_new then redis.redis_new() end
  print(string.trim(request.username), table.unpack({}), math.max(1), (unpack or table.unpack)({}))
  result:authenticate(true)
  result:user_found(true)
  return nauthilus_builtin.BACKEND_RESULT_OK, result
end
