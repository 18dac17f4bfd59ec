local redis = require("nauthilus_redis")
local handle = redis.get_redis_connection("default")
redis.redis_set(handle, "started", 1)
return {handle = handle}
