---@meta storage
-- Written from the declarations of the host modules; an editor reads it, nothing runs it.

---@class storage_ud
local storage_ud_object = {}

---Keep a value under a key, for some seconds or without a limit; nothing on success.
---@param key string
---@param value any
---@param ttl? integer
---@return string? err
function storage_ud_object:set(key, value, ttl) end

---A copy of the value of a key, and whether there is one.
---@param key string
---@return any value
---@return boolean? found
---@return string? err
function storage_ud_object:get(key) end

---All keys; expired ones are listed until the next sync.
---@return table keys
function storage_ud_object:keys() end

---All live values by their keys.
---@return table? values
---@return string? err
function storage_ud_object:dump() end

---Drop what has expired and write the file; nothing on success.
---@return string? err
function storage_ud_object:sync() end

---Write the file and let the store go; the handle stays usable.
---@return string? err
function storage_ud_object:close() end

---Keys and values in a JSON file, shared by all scripts. What was set is on the disk when sync or close returns.
---@class nauthilus_gll_storage
local module = {}

---Open the store in a file, which is made if it is missing; the only driver is `memory`.
---@param path string
---@param driver? string
---@return storage_ud? storage
---@return string? err
function module.open(path, driver) end

return module
