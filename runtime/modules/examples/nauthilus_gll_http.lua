dynamic_loader("nauthilus_gll_http")
local http = require("http")

local client = http.client({ timeout = 2, user_agent = "policy/1", headers = { ["X-Policy"] = "mail" } })
local request = http.request("POST", os.getenv("HTTP_URL") .. "/check?user=" .. http.query_escape("mia@example.test"), "ip=192.0.2.7")
request:header_set("Content-Type", "application/x-www-form-urlencoded")
request:set_basic_auth("policy", "secret")

local answer, err = client:do_request(request)
print(err, answer.code, answer.headers["Content-Type"]) --> nil	200	text/plain
print(answer.body) --> POST /check?user=mia%40example.test ip=192.0.2.7

print((client:do_request(http.request("GET", "http://127.0.0.1:1/")))) --> nil
