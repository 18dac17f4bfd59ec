---@meta http_client
-- Written from the declarations of the host modules; an editor reads it, nothing runs it.

---HTTP requests with cookies, proxies, TLS and uploads.
---@class nauthilus_gll_http_client
local module = {}

---A client with its own cookies; options: timeout, proxy, headers, user_agent, basic_auth_user, TLS and others.
---@param options? table
---@return http_client_ud client
function module.client(options) end

---A request, which a client can send any number of times.
---@param method string
---@param url string
---@param body? string
---@return http_request_ud? request
---@return string? err
function module.request(method, url, body) end

---A request that sends files ({fieldname, path, filename} or a list of these) and other fields as a form.
---@param url string
---@param files table
---@param fields? table
---@return http_request_ud? request
---@return string? err
function module.file_request(url, files, fields) end

return module
