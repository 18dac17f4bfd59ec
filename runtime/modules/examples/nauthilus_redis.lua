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

-- Not in Nauthilus 1.3.8, from here on: only if it is not there yet; scores; many commands in one go.
print(redis.redis_set(handle, "example:user", "tom", { nx = true, ex = 60 })) --> nil	redis: nil
redis.redis_zadd(handle, "example:logins", { phone = 10, laptop = 20 })
print(table.concat(redis.redis_zrangebyscore(handle, "example:logins", 15, "+inf"), " ")) --> laptop

local results, err = redis.redis_pipeline(handle, "write", {
  { "incr", "example:counter" },
  { "hget", "example:seen", "phone", "number" },
  { "get", "example:nobody" },
  { "hget", "example:user", "phone" },
})
print(results[1].value, results[2].value, results[3].ok, results[3].value) --> 1	4	true	nil
print(results[4].ok, err == results[4].err, err:match("^%u+")) --> false	true	WRONGTYPE

local part = redis.redis_scan(handle, 0, "example:*", 100)
print(part.cursor, #part.keys) --> 0	4
redis.redis_del(handle, unpack(part.keys))
