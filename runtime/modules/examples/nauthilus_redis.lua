dynamic_loader("nauthilus_redis")
local redis = require("nauthilus_redis")

local handle = "default"
print(redis.redis_set(handle, "example:user", "mia", 60)) --> OK
print(redis.redis_get(handle, "example:user")) --> mia
print(redis.redis_get(handle, "example:nobody")) --> nil	redis: nil

redis.redis_hset(handle, "example:seen", "phone", 3, "laptop", 1)
print(redis.redis_hincrby(handle, "example:seen", "phone", 1)) --> 4

local code = "return redis.call('INCR', KEYS[1])"
redis.redis_upload_script(handle, code, "example_increment")
print(redis.redis_run_script(handle, "", "example_increment", { "example:counter" }, {})) --> 1	nil
redis.redis_del(handle, "example:counter")
