dynamic_loader("nauthilus_gll_http")
local http = require("http_client")

local client = http.client({ timeout = 2 })
local answer = client:do_request(http.request("GET", os.getenv("HTTP_URL") .. "/status"))
print(answer.code, answer.body) --> 200	GET /status 
