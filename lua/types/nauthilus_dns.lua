---@meta nauthilus_dns
-- Written from the declarations of the host modules; an editor reads it, nothing runs it.

---DNS queries to the name server of the configuration.
---@class nauthilus_dns
local module = {}

---Records of a name; A without a type. MX has host and pref, SRV has target, port, priority and weight.
---@param name string
---@param type? string
---@return table? records
---@return string? err
function module.resolve(name, type) end

return module
