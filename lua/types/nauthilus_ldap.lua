---@meta nauthilus_ldap
-- Written from the declarations of the host modules; an editor reads it, nothing runs it.

---Search and change the directory of the LDAP backend.
---@class nauthilus_ldap
local module = {}

---Search with session, basedn, filter, scope (base, one, sub) and attributes; lists of values by attribute, and dn.
---@param query table
---@return table<string, string[]>? result
---@return string? err
function module.ldap_search(query) end

---Change the entry dn: add, delete and replace are tables of attribute and value or values; all or nothing.
---@param change table
---@return string? reply
---@return string? err
function module.ldap_modify(change) end

---A value that is safe within a filter.
---@param value string
---@return string escaped
function module.escape_filter(value) end

---A value that is safe within a distinguished name.
---@param value string
---@return string escaped
function module.escape_dn(value) end

return module
