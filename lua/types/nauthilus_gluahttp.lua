---@meta glua_http
-- Written from the declarations of the host modules; an editor reads it, nothing runs it.

---@class http.response
---@field status_code integer Status of the answer.
---@field body string The bytes of the body.
---@field body_size integer Number of bytes of the body.
---@field url string Address that answered, after redirects.
---@field headers table<string, string> Headers by their names as in Go: `Content-Type`.
---@field cookies table<string, string> Cookies that the answer sets.
local http_response_object = {}

---HTTP requests. Any status is an answer; without one the functions return nil and a text.
---@class nauthilus_gluahttp
---@field response table Metatable of all responses.
local module = {}

---Send a GET request; options: query, body, form, headers, cookies, timeout, auth.
---@param url string
---@param options? table
---@return http.response? response
---@return string? err
function module.get(url, options) end

---Send a DELETE request; options: query, body, form, headers, cookies, timeout, auth.
---@param url string
---@param options? table
---@return http.response? response
---@return string? err
function module.delete(url, options) end

---Send a HEAD request; options: query, body, form, headers, cookies, timeout, auth.
---@param url string
---@param options? table
---@return http.response? response
---@return string? err
function module.head(url, options) end

---Send a PATCH request; options: query, body, form, headers, cookies, timeout, auth.
---@param url string
---@param options? table
---@return http.response? response
---@return string? err
function module.patch(url, options) end

---Send a POST request; options: query, body, form, headers, cookies, timeout, auth.
---@param url string
---@param options? table
---@return http.response? response
---@return string? err
function module.post(url, options) end

---Send a PUT request; options: query, body, form, headers, cookies, timeout, auth.
---@param url string
---@param options? table
---@return http.response? response
---@return string? err
function module.put(url, options) end

---Send a request with any method.
---@param method? any
---@param url string
---@param options? table
---@return http.response? response
---@return string? err
function module.request(method, url, options) end

---Send requests { method, url, options } at the same time; the answers that came, and the errors if any.
---@param requests table
---@return table responses
---@return table? errors
function module.request_batch(requests) end

return module
