dynamic_loader("nauthilus_http_request")
local request = require("nauthilus_http_request")

-- The login came with two headers X-Forwarded-For and a JSON body.
local hops = request.get_http_request_header("X-Forwarded-For")
print(#hops, hops[1], hops[2]) --> 2	192.0.2.7	198.51.100.1
print(request.get_all_http_request_headers()["content-type"][1]) --> application/json
print(#request.get_http_request_header("X-Nothing")) --> 0
print(request.get_http_method(), request.get_http_path()) --> POST	/api/v1/auth/json
print(request.get_http_query_param("in-memory")) --> 0
print(request.get_http_request_body()) --> {"username":"mia"}
