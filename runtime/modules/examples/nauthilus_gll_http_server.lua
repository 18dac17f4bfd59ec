dynamic_loader("nauthilus_gll_http")
local http = require("http_server")

local server, err = http.server({ addr = "127.0.0.1:0" })
print(err, server:addr():match("^127%.0%.0%.1:")) --> nil	127.0.0.1:

-- A server that answers requests until the script ends:
-- while true do
--   local request, response = server:accept()
--   response:header("Content-Type", "text/plain")
--   response:write(request.method .. " " .. request.path)
--   response:done()
-- end
