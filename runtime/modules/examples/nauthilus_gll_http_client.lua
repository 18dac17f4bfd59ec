dynamic_loader("nauthilus_gll_http")
local http_client = require("http_client")

local client = http_client.client({ timeout = 5, user_agent = "policy" })
local request, err = http_client.request("GET", os.getenv("HTTP_URL") .. "/list")
request:header_set("Accept", "text/plain")
request:set_basic_auth("mia", "secret")

local answer, err = client:do_request(request)
print(err, answer.code, answer.headers["Content-Type"]) --> nil	200	text/plain

local nowhere = http_client.request("GET", "http://127.0.0.1:1/")
print((client:do_request(nowhere))) --> nil
