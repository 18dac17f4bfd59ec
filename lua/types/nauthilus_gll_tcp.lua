---@meta tcp
-- Written from the declarations of the host modules; an editor reads it, nothing runs it.

---@class tcp_client_ud
---@field dialTimeout number Seconds that connecting may have taken.
---@field readTimeout number Seconds that a read may take.
---@field writeTimeout number Seconds that a write may take.
---@field closeTimeout number Seconds that closing may take.
local tcp_client_ud_object = {}

---Send all arguments; raises an error on failure.
---@param ... string
function tcp_client_ud_object:write(...) end

---A number of bytes (what arrives first of at most 1024), a line (`*l`), a number (`*n`) or all (`*a`).
---@param format? any
---@return any data
function tcp_client_ud_object:read(format) end

---End the connection.
function tcp_client_ud_object:close() end

---TCP connections. Timeouts are properties: readTimeout, writeTimeout, closeTimeout, in seconds.
---@class nauthilus_gll_tcp
local module = {}

---Connect to `host:port` within some seconds (5).
---@param address string
---@param timeout? number
---@return tcp_client_ud? connection
---@return string? err
function module.open(address, timeout) end

return module
