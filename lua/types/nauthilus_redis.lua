---@meta nauthilus_redis
-- Written by `npm run docs` from the declarations in runtime; an editor reads it, nothing runs it.

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

---Set a key, for a number of seconds if given (0 or less: for ever).
---@param handle 'default'|redis_handle
---@param key string
---@param value? any
---@param seconds? number
---@return string? reply
---@return string? err
function module.redis_set(handle, key, value, seconds) end

---Add 1 to a number.
---@param handle 'default'|redis_handle
---@param key string
---@return integer? count
---@return string? err
function module.redis_incr(handle, key) end

---Delete a key; how many there were.
---@param handle 'default'|redis_handle
---@param key string
---@return integer? count
---@return string? err
function module.redis_del(handle, key) end

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
---@return table? fields
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
---@return string[]? members
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

return module
