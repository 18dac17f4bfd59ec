---@meta nauthilus_http
-- Written from the declarations of the host modules; an editor reads it, nothing runs it.

---@type nauthilus_http_request
local module
return module
