---@meta nauthilus_soft_whitelist
-- Written from the declarations of the host modules; an editor reads it, nothing runs it.

---Networks from which a user is exempt from brute_force, relay_domains or rbl.
---@class nauthilus_soft_whitelist
local module = {}

---Exempt a user in a network (CIDR) from a feature; nil on success.
---@param username string
---@param network string
---@param feature string
---@return string? err
function module.soft_whitelist_set(username, network, feature) end

---The networks in which scripts have exempted a user from a feature, {} without any.
---@param username string
---@param feature string
---@return string[]? networks
---@return string? err
function module.soft_whitelist_get(username, feature) end

---No longer exempt a user in a network from a feature; nil on success, also when there was no such entry.
---@param username string
---@param network string
---@param feature string
---@return string? err
function module.soft_whitelist_delete(username, network, feature) end

return module
