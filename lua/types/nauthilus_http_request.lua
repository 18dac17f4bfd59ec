---@meta nauthilus_http_request
-- Written by `npm run docs` from the declarations in runtime; an editor reads it, nothing runs it.

---Headers and body of the HTTP request behind the login; every script gets the same body.
---@class nauthilus_http_request
local module = {}

---All headers: lower-case name to list of values, one per header line.
---@return table headers
function module.get_all_http_request_headers() end

---The values of a header, {} without it; the name in any case.
---@param name string
---@return string[] values
function module.get_http_request_header(name) end

---The body as sent, an empty string without one.
---@return string body
function module.get_http_request_body() end

---Like get_http_request_header; without a name like get_all_http_request_headers.
---@param name? string
---@return string[] values
function module.get_http_request_headers(name) end

return module
