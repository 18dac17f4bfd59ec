---@meta nauthilus_http_request
-- Written from the declarations of the host modules; an editor reads it, nothing runs it.

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

---The method, e.g. `POST`; an empty string outside of a request.
---@return string method
function module.get_http_method() end

---The path as sent, without query.
---@return string path
function module.get_http_path() end

---The first value of a parameter of the query, or nil.
---@param name string
---@return string? value
function module.get_http_query_param(name) end

---Like get_http_request_header; without a name like get_all_http_request_headers.
---@param name? string
---@return string[] values
function module.get_http_request_headers(name) end

return module
