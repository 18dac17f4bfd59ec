---@meta http_server
-- Written from the declarations of the host modules; an editor reads it, nothing runs it.

---HTTP servers of scripts; they end with the script.
---@class nauthilus_gll_http_server
local module = {}

---Listen at an address, or as options say: addr, server_public_cert_pem_file, client_auth and others.
---@param options any
---@return http_server_ud? server
---@return string? err
function module.server(options) end

---Serve the files of a folder; returns only when that is not possible.
---@param folder string
---@param address string
---@return string err
function module.serve_static(folder, address) end

return module
