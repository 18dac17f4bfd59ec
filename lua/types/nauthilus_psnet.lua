---@meta nauthilus_psnet
-- Written from the declarations of the host modules; an editor reads it, nothing runs it.

---Count established TCP connections, as a function and as the metric generic_connections.
---@class nauthilus_psnet
local module = {}

---Count connections of host:port from now on, as `local` or else as `remote` end. Mistakes are logged.
---@param target string
---@param direction? any
---@param description? any
function module.register_connection_target(target, direction, description) end

---Established connections of a registered target at the last count, 0 before the first.
---@param target string
---@return integer? count
---@return string? err
function module.get_connection_target(target) end

return module
