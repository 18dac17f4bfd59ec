---@meta chef
-- Written from the declarations of the host modules; an editor reads it, nothing runs it.

---@class chef_client_ud
local chef_client_ud_object = {}

---Send a signed request; the answer is read as JSON.
---@param method string
---@param path string
---@param body? any
---@return any answer
---@return string? err
function chef_client_ud_object:request(method, path, body) end

---Search an index; partial names what is wanted of the results, params has start, rows and sort_by.
---@param index string
---@param query string
---@param partial? table
---@param params? table
---@return any answer
---@return string? err
function chef_client_ud_object:search(index, query, partial, params) end

---Requests to a Chef server, signed with the key of a client.
---@class nauthilus_gll_chef
local module = {}

---A client by its name, the file with its RSA key (PEM) and the URL of the server, which ends in a slash.
---@param name string
---@param key_file string
---@param url string
---@param client? http_client_ud
---@return chef_client_ud? client
---@return string? err
function module.client(name, key_file, url, client) end

return module
