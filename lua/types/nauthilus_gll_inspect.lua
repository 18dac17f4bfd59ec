---@meta inspect
-- Written from the declarations of the host modules; an editor reads it, nothing runs it.

---Lua values as text for people.
---@class nauthilus_gll_inspect
---@field _VERSION string Version of the library that the module is compatible with.
---@field KEY table Ends the path that `process` gets for a key.
---@field METATABLE table Ends the path that `process` gets for a metatable.
---@overload fun(value?: any, options?: table): string
local module = {}

---The value as text; options: depth, newline, indent, process.
---@param value? any
---@param options? table
---@return string text
function module.inspect(value, options) end

return module
