dynamic_loader("nauthilus_gll_http")
local http_server = require("http_server")

local server, err = http_server.server("127.0.0.1:" .. os.getenv("HTTP_PORT"))
print(err) --> nil

-- Somebody asks for /hello.
local request, response = server:accept()
print(request.method, request.path, request:body()) --> POST	/hello	mia
response:header("X-Own", "yes")
response:code(201)
response:write("hello")
response:done()
