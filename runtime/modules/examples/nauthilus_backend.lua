dynamic_loader("nauthilus_backend")
local backend = require("nauthilus_backend")

-- A filter gives the login an attribute and takes another one away.
local result = nauthilus_backend_result.new()
result:attributes({ Proxy_Host = "192.0.2.25" })
backend.apply_backend_result(result)
backend.remove_from_backend_result({ "Proxy-Port" })

-- nginx is sent to the first mail server that is alive, or to a fixed one.
local server = backend.get_backend_servers()[1] or { ip = "192.0.2.25", port = 993 }
backend.select_backend_server(server.ip, server.port)
print(server.ip, server.port) --> 192.0.2.25	993

local host, port = os.getenv("TCP_ADDRESS"):match("^(.*):(%d+)$")
print(backend.check_backend_connection(host, tonumber(port), false, false)) --> nil
