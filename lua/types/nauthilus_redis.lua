---@meta nauthilus_redis
-- Written from the declarations of the host modules; an editor reads it, nothing runs it.

---@class redis_handle
local redis_handle_object = {}

---Redis commands. A missing key gives nil and the text `redis: nil`.
---@class nauthilus_redis
local module = {}

---Name a further Redis: mode standalone, sentinel, sentinel_replica or cluster. It connects when it is used.
---@param name string
---@param mode string
---@param options table
---@return string? reply
---@return string? err
function module.register_redis_pool(name, mode, options) end

---The handle of a registered pool.
---@param name string
---@return redis_handle? handle
---@return string? err
function module.get_redis_connection(name) end

---PONG, if the server answers.
---@param handle 'default'|redis_handle
---@return string? reply
---@return string? err
function module.redis_ping(handle) end

---The value of a key as string, or as type number, bool or nil; an empty one is nil.
---@param handle 'default'|redis_handle
---@param key string
---@param type? string
---@return string|number|boolean? value
---@return string? err
function module.redis_get(handle, key, type) end

---Set a key, for a number of seconds (0 or less: for ever) or with options: ex, px, exat, pxat, nx, xx, get, keepttl.
---@param handle 'default'|redis_handle
---@param key string
---@param value? any
---@param seconds_or_options? number|table
---@return string? reply
---@return string? err
function module.redis_set(handle, key, value, seconds_or_options) end

---Add 1 to a number.
---@param handle 'default'|redis_handle
---@param key string
---@return integer? count
---@return string? err
function module.redis_incr(handle, key) end

---Delete keys; how many there were.
---@param handle 'default'|redis_handle
---@param key string
---@param ... string
---@return integer? count
---@return string? err
function module.redis_del(handle, key, ...) end

---Let a key end after a number of seconds; false if there is none.
---@param handle 'default'|redis_handle
---@param key string
---@param seconds number
---@return boolean? answer
---@return string? err
function module.redis_expire(handle, key, seconds) end

---Give a key another name.
---@param handle 'default'|redis_handle
---@param key string
---@param new_key string
---@return string? reply
---@return string? err
function module.redis_rename(handle, key, new_key) end

---The value of a field of a hash, typed like redis_get.
---@param handle 'default'|redis_handle
---@param key string
---@param field string
---@param type? string
---@return string|number|boolean? value
---@return string? err
function module.redis_hget(handle, key, field, type) end

---Set fields of a hash: field, value, field, value …; how many are new.
---@param handle 'default'|redis_handle
---@param key string
---@param ... any
---@return integer? count
---@return string? err
function module.redis_hset(handle, key, ...) end

---Delete fields of a hash; how many there were.
---@param handle 'default'|redis_handle
---@param key string
---@param ... string
---@return integer? count
---@return string? err
function module.redis_hdel(handle, key, ...) end

---How many fields a hash has.
---@param handle 'default'|redis_handle
---@param key string
---@return integer? count
---@return string? err
function module.redis_hlen(handle, key) end

---All fields of a hash, {} without it.
---@param handle 'default'|redis_handle
---@param key string
---@return table<string, string>? fields
---@return string? err
function module.redis_hgetall(handle, key) end

---Add a whole number to a field of a hash; the new value.
---@param handle 'default'|redis_handle
---@param key string
---@param field string
---@param increment integer
---@return integer? count
---@return string? err
function module.redis_hincrby(handle, key, field, increment) end

---Add a number to a field of a hash; the new value.
---@param handle 'default'|redis_handle
---@param key string
---@param field string
---@param increment number
---@return number? value
---@return string? err
function module.redis_hincrbyfloat(handle, key, field, increment) end

---Does the hash have the field?
---@param handle 'default'|redis_handle
---@param key string
---@param field string
---@return boolean? answer
---@return string? err
function module.redis_hexists(handle, key, field) end

---Add members to a set; how many are new.
---@param handle 'default'|redis_handle
---@param key string
---@param ... any
---@return integer? count
---@return string? err
function module.redis_sadd(handle, key, ...) end

---Is the value in the set?
---@param handle 'default'|redis_handle
---@param key string
---@param value? any
---@return boolean? answer
---@return string? err
function module.redis_sismember(handle, key, value) end

---The members of a set, {} without it.
---@param handle 'default'|redis_handle
---@param key string
---@return string[]? values
---@return string? err
function module.redis_smembers(handle, key) end

---Remove members from a set; how many there were.
---@param handle 'default'|redis_handle
---@param key string
---@param ... any
---@return integer? count
---@return string? err
function module.redis_srem(handle, key, ...) end

---How many members a set has.
---@param handle 'default'|redis_handle
---@param key string
---@return integer? count
---@return string? err
function module.redis_scard(handle, key) end

---Store a Redis script on the server under a name that all scripts know; its SHA-1.
---@param handle 'default'|redis_handle
---@param code string
---@param name string
---@return string? sha1
---@return string? err
function module.redis_upload_script(handle, code, name) end

---Run an uploaded script by its name, or the code if the name is empty.
---@param handle 'default'|redis_handle
---@param code string
---@param name string
---@param keys table
---@param args table
---@return any result
---@return string? err
function module.redis_run_script(handle, code, name, keys, args) end

---The values of several keys, by key; missing ones are left out.
---@param handle 'default'|redis_handle
---@param ... string
---@return table<string, string>? fields
---@return string? err
function module.redis_mget(handle, ...) end

---Set several keys: key, value, key, value …; in a cluster not in one step.
---@param handle 'default'|redis_handle
---@param ... any
---@return string? reply
---@return string? err
function module.redis_mset(handle, ...) end

---How many of the keys there are.
---@param handle 'default'|redis_handle
---@param key string
---@param ... string
---@return integer? count
---@return string? err
function module.redis_exists(handle, key, ...) end

---Seconds until a key ends; -1 if it does not, -2 if there is none.
---@param handle 'default'|redis_handle
---@param key string
---@return number? value
---@return string? err
function module.redis_ttl(handle, key) end

---A part of all keys: fields keys and cursor, with which to go on until it is 0 again.
---@param handle 'default'|redis_handle
---@param cursor? integer
---@param match? string
---@param count? number
---@return { cursor: integer, keys: string[] }? part
---@return string? err
function module.redis_scan(handle, cursor, match, count) end

---The values of several fields, by field; missing ones are left out.
---@param handle 'default'|redis_handle
---@param key string
---@param ... string
---@return table<string, string>? fields
---@return string? err
function module.redis_hmget(handle, key, ...) end

---Put values in front of a list; how many it then has.
---@param handle 'default'|redis_handle
---@param key string
---@param ... any
---@return integer? count
---@return string? err
function module.redis_lpush(handle, key, ...) end

---Put values behind a list; how many it then has.
---@param handle 'default'|redis_handle
---@param key string
---@param ... any
---@return integer? count
---@return string? err
function module.redis_rpush(handle, key, ...) end

---Take the first value of a list, or with a count a list of the first ones.
---@param handle 'default'|redis_handle
---@param key string
---@param count? integer
---@return string|string[]? value
---@return string? err
function module.redis_lpop(handle, key, count) end

---Take the last value of a list, or with a count a list of the last ones, last first.
---@param handle 'default'|redis_handle
---@param key string
---@param count? integer
---@return string|string[]? value
---@return string? err
function module.redis_rpop(handle, key, count) end

---The values from start to stop, both included; {} without any.
---@param handle 'default'|redis_handle
---@param key string
---@param start integer
---@param stop integer
---@return string[]? values
---@return string? err
function module.redis_lrange(handle, key, start, stop) end

---The value at a position of a list.
---@param handle 'default'|redis_handle
---@param key string
---@param index integer
---@return string? reply
---@return string? err
function module.redis_lindex(handle, key, index) end

---How many values a list has.
---@param handle 'default'|redis_handle
---@param key string
---@return integer? count
---@return string? err
function module.redis_llen(handle, key) end

---Keep the values from start to stop only.
---@param handle 'default'|redis_handle
---@param key string
---@param start integer
---@param stop integer
---@return string? reply
---@return string? err
function module.redis_ltrim(handle, key, start, stop) end

---Remove equal values: the first ones, the last ones with a negative count, all with 0; how many there were.
---@param handle 'default'|redis_handle
---@param key string
---@param count integer
---@param value? any
---@return integer? count
---@return string? err
function module.redis_lrem(handle, key, count, value) end

---Set scores, a table of member = score; how many members are new.
---@param handle 'default'|redis_handle
---@param key string
---@param scores table
---@return integer? count
---@return string? err
function module.redis_zadd(handle, key, scores) end

---Remove a member or a list of members; how many there were.
---@param handle 'default'|redis_handle
---@param key string
---@param members string|string[]
---@return integer? count
---@return string? err
function module.redis_zrem(handle, key, members) end

---Add to the score of a member; the new score.
---@param handle 'default'|redis_handle
---@param key string
---@param increment number
---@param member string
---@return number? value
---@return string? err
function module.redis_zincrby(handle, key, increment, member) end

---The score of a member.
---@param handle 'default'|redis_handle
---@param key string
---@param member string
---@return number? value
---@return string? err
function module.redis_zscore(handle, key, member) end

---How many members have a lower score.
---@param handle 'default'|redis_handle
---@param key string
---@param member string
---@return integer? count
---@return string? err
function module.redis_zrank(handle, key, member) end

---How many members have a higher score.
---@param handle 'default'|redis_handle
---@param key string
---@param member string
---@return integer? count
---@return string? err
function module.redis_zrevrank(handle, key, member) end

---How many members a sorted set has.
---@param handle 'default'|redis_handle
---@param key string
---@return integer? count
---@return string? err
function module.redis_zcard(handle, key) end

---How many members have a score from min to max.
---@param handle 'default'|redis_handle
---@param key string
---@param min number|string
---@param max number|string
---@return integer? count
---@return string? err
function module.redis_zcount(handle, key, min, max) end

---The members from rank start to stop, both included, lowest score first.
---@param handle 'default'|redis_handle
---@param key string
---@param start integer
---@param stop integer
---@return string[]? values
---@return string? err
function module.redis_zrange(handle, key, start, stop) end

---The members from rank start to stop, both included, highest score first.
---@param handle 'default'|redis_handle
---@param key string
---@param start integer
---@param stop integer
---@return string[]? values
---@return string? err
function module.redis_zrevrange(handle, key, start, stop) end

---The members with a score from min to max, lowest first; options offset and count select some of them.
---@param handle 'default'|redis_handle
---@param key string
---@param min number|string
---@param max number|string
---@param options? table
---@return string[]? values
---@return string? err
function module.redis_zrangebyscore(handle, key, min, max, options) end

---The members with a score from max down to min, highest first; options offset and count select some of them.
---@param handle 'default'|redis_handle
---@param key string
---@param max number|string
---@param min number|string
---@param options? table
---@return string[]? values
---@return string? err
function module.redis_zrevrangebyscore(handle, key, max, min, options) end

---Remove the members with a score from min to max; how many there were.
---@param handle 'default'|redis_handle
---@param key string
---@param min number|string
---@param max number|string
---@return integer? count
---@return string? err
function module.redis_zremrangebyscore(handle, key, min, max) end

---Remove the members from rank start to stop; how many there were.
---@param handle 'default'|redis_handle
---@param key string
---@param start integer
---@param stop integer
---@return integer? count
---@return string? err
function module.redis_zremrangebyrank(handle, key, start, stop) end

---Count values; true if the estimate may have changed.
---@param handle 'default'|redis_handle
---@param key string
---@param ... any
---@return boolean? answer
---@return string? err
function module.redis_pfadd(handle, key, ...) end

---How many different values were counted under the keys; in a cluster their names need the same {tag}.
---@param handle 'default'|redis_handle
---@param key string
---@param ... string
---@return integer? count
---@return string? err
function module.redis_pfcount(handle, key, ...) end

---Count under the first key what was counted under the others; in a cluster their names need the same {tag}.
---@param handle 'default'|redis_handle
---@param key string
---@param ... string
---@return string? reply
---@return string? err
function module.redis_pfmerge(handle, key, ...) end

---Send many commands at once, for each a table with ok, value and err; the error is that of the first that failed.
---@param handle 'default'|redis_handle
---@param mode string
---@param commands table
---@return { ok: boolean, value: any, err: string? }[] results
---@return string? err
function module.redis_pipeline(handle, mode, commands) end

return module
