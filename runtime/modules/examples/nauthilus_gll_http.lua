dynamic_loader("nauthilus_gll_http")
local http = require("http")

local client = http.client({ timeout = 5 })
local request, err = http.request("POST", os.getenv("HTTP_URL") .. "/report?user=" .. http.query_escape("mia & tom"), "blocked")
local answer, err = client:do_request(request)
print(answer.code, answer.body) --> 200	POST /report?user=mia+%26+tom blocked
