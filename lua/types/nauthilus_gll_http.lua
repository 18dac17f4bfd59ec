---@meta http
-- Written from the declarations of the host modules; an editor reads it, nothing runs it.

---@class http_client_ud
local http_client_ud_object = {}

---Send a request; status, body and headers (their first values) of the answer, whatever its status is.
---@param request http_request_ud
---@return table? answer
---@return string? err
function http_client_ud_object:do_request(request) end

---@class http_request_ud
local http_request_ud_object = {}

---Send a user and a password.
---@param user any
---@param password any
function http_request_ud_object:set_basic_auth(user, password) end

---Set a header.
---@param name any
---@param value any
function http_request_ud_object:header_set(name, value) end

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

---HTTP requests with cookies, proxies, TLS and uploads; servers, which end with the script; URLs.
---@class nauthilus_gll_http
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

---The text as a value in a query.
---@param text string
---@return string escaped
function module.query_escape(text) end

---The text of a value in a query.
---@param escaped string
---@return string? text
---@return string? err
function module.query_unescape(escaped) end

---The parts of a URL: scheme, host, port, path, raw_query, query and user.
---@param url string
---@return table? parts
---@return string? err
function module.parse_url(url) end

---The URL of its parts: scheme, host, path, user, query.
---@param parts table
---@return string url
function module.build_url(parts) end

return module
