---@meta nauthilus_gll_crypto
-- Written from the declarations of the host modules; an editor reads it, nothing runs it.

---MD5 and SHA-256 in hexadecimal.
---@class nauthilus_gll_crypto
local module = {}

---MD5 of the data in hexadecimal.
---@param data string
---@return string digest
function module.md5(data) end

---SHA-256 of the data in hexadecimal.
---@param data string
---@return string digest
function module.sha256(data) end

return module
