---@meta cert_util
-- Written from the declarations of the host modules; an editor reads it, nothing runs it.

---Facts about the certificates of servers.
---@class nauthilus_gll_cert_util
local module = {}

---When the first certificate of a server ends, in Unix seconds; the address is that of the name, port 443.
---@param hostname string
---@param address? string
---@return number? time
---@return string? err
function module.not_after(hostname, address) end

return module
