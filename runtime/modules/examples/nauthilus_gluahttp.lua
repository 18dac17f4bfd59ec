dynamic_loader("nauthilus_gluahttp")
local http = require("glua_http")

local url = os.getenv("HTTP_URL")
local response = http.post(url .. "/report", { body = "blocked", timeout = "2s" })
print(response.status_code, response.body) --> 200	POST /report blocked
print(response.headers["Content-Type"]) --> text/plain

-- Both at the same time.
local responses = http.request_batch({
  { "get", url .. "/a" },
  { "get", url .. "/b", { query = "user=mia" } },
})
print(#responses, responses[2].body) --> 2	GET /b?user=mia 

print((http.get("http://127.0.0.1:1/"))) --> nil
