---@meta nauthilus_context
-- Written from the declarations of the host modules; an editor reads it, nothing runs it.

---A store of the login, shared by its features, backend, filters and actions; values are copied in and out.
---@class nauthilus_context
local module = {}

---Store a copy of a value under a key; functions become texts.
---@param key string
---@param value any
function module.context_set(key, value) end

---A copy of the value under a key, or nil.
---@param key string
---@return any value
function module.context_get(key) end

---Forget the value under a key.
---@param key string
function module.context_delete(key) end

return module
