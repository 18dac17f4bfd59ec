---@meta http_server
-- Written from the declarations of the host modules; an editor reads it, nothing runs it.

---@class http_server_ud
local http_server_ud_object = {}

---Where it listens: `127.0.0.1:8080`.
---@return string address
function http_server_ud_object:addr() end

---The next request, and the object that writes its answer.
---@return table request
---@return http_server_response_writer_ud response
function http_server_ud_object:accept() end

---Run Lua text for each request; never returns.
---@param code string
function http_server_ud_object:do_handle_string(code) end

---Run a Lua file for each request; never returns.
---@param path string
function http_server_ud_object:do_handle_file(path) end

---Call a function that captures nothing with response, request and the arguments; never returns.
---@param handler function
---@param ... any
function http_server_ud_object:do_handle_function(handler, ...) end

---@class http_server_response_writer_ud
local http_server_response_writer_ud_object = {}

---Set the status; headers cannot be set afterwards.
---@param status integer
function http_server_response_writer_ud_object:code(status) end

---Set a header of the answer.
---@param name string
---@param value string
function http_server_response_writer_ud_object:header(name, value) end

---Add to the body; gives the number of bytes.
---@param data any
---@return integer count
---@return string? err
function http_server_response_writer_ud_object:write(data) end

---Answer with another place, by default with status 308.
---@param url string
---@param status? integer
function http_server_response_writer_ud_object:redirect(url, status) end

---Finish the answer.
function http_server_response_writer_ud_object:done() end

---@class http_server_request
local http_server_request_object = {}

---The body of the request; empty when it has been read before.
---@return string? body
---@return string? err
function http_server_request_object:body() end

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
