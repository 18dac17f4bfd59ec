---@meta nauthilus_password
-- Written from the declarations of the host modules; an editor reads it, nothing runs it.

---Password hashes, those of Nauthilus, Dovecot and OpenLDAP, and password policies.
---@class nauthilus_password
local module = {}

---Does the password belong to the hash? The second value says why a hash cannot be checked.
---@param hash string
---@param password string
---@return boolean match
---@return string? err
function module.compare_passwords(hash, password) end

---Has the password the minimal length and numbers of characters (min_length, min_upper, min_lower, min_number, min_special)?
---@param policy table
---@param password string
---@return boolean satisfied
function module.check_password_policy(policy, password) end

return module
