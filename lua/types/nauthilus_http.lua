---@meta nauthilus_http
-- Written by `npm run docs` from the declarations in runtime; an editor reads it, nothing runs it.

---@type nauthilus_http_request
local module
return module
