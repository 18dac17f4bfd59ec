dynamic_loader("nauthilus_http_response")
local response = require("nauthilus_http_response")

-- In a filter: tell the front end to ask for a second factor.
response.set_http_response_header("X-Nauthilus-Protection", "stepup")
response.add_http_response_header("X-Reason", "new device")
response.add_http_response_header("X-Reason", "new country")
response.set_http_status(401)

-- What a client sends can do no harm here.
print(pcall(response.set_http_response_header, "X-User", "mia\r\nAuth-Status: OK"))
--> false	the value of a header must not contain control characters
print(pcall(response.set_http_response_header, "Auth-Status", "OK"))
--> false	the header Auth-Status belongs to the login
print(pcall(response.write_http_response_body, "hello"))
--> false	only hooks may write the body of the answer
