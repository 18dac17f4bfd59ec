---@meta nauthilus_cache
-- Written from the declarations of the host modules; an editor reads it, nothing runs it.

---A store in the memory of this process for all scripts; values are copied in and out.
---@class nauthilus_cache
local module = {}

---Keep a copy of a value, for a number of seconds if given; functions become texts, nil deletes.
---@param key string
---@param value any
---@param seconds? number
---@return string? ok
---@return string? err
function module.cache_set(key, value, seconds) end

---A copy of the value, or nil.
---@param key string
---@return any value
function module.cache_get(key) end

---Is there a value?
---@param key string
---@return boolean yes
function module.cache_exists(key) end

---Forget a value; was there one?
---@param key string
---@return boolean removed
function module.cache_delete(key) end

---Replace a value by what a function makes of it; without seconds it ends when it would have ended before.
---@param key string
---@param change function
---@param seconds? number
---@return any value
---@return string? err
function module.cache_update(key, change, seconds) end

---Append a copy of a value to a list; its new length.
---@param key string
---@param value any
---@return integer? length
---@return string? err
function module.cache_push(key, value) end

---All values of a list, which is empty from then on.
---@param key string
---@return table values
function module.cache_pop_all(key) end

---All keys.
---@return string[] keys
function module.cache_keys() end

---How many values there are.
---@return integer count
function module.cache_size() end

---Forget everything.
function module.cache_flush() end

return module
