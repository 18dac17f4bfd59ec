---@meta nauthilus_backend
-- Written from the declarations of the host modules; an editor reads it, nothing runs it.

---@class backend_server
---@field protocol string What it speaks, as configured.
---@field ip string Its address or name.
---@field port integer Its port.
---@field haproxy_v2 boolean It expects a PROXY protocol header.
---@field tls boolean It speaks TLS from the first byte on.
local backend_server_object = {}

---Changes that filters make to the result of a login.
---@class nauthilus_backend
local module = {}

---Mail servers that are alive; empty while no servers are monitored.
---@return table servers
function module.get_backend_servers() end

---Name the mail server that nginx is sent to; the last call wins.
---@param server string
---@param port integer
function module.select_backend_server(server, port) end

---Add the attributes of a backend result to the login; the last one of a script counts.
---@param backend_result any
function module.apply_backend_result(backend_result) end

---Remove attributes from the login, before any are added.
---@param names table
function module.remove_from_backend_result(names) end

---Try to connect to a mail server, with a PROXY protocol header and with TLS; nil when it answers.
---@param server string
---@param port integer
---@param haproxy_v2 boolean
---@param tls boolean
---@return string? err
function module.check_backend_connection(server, port, haproxy_v2, tls) end

return module
