dynamic_loader("nauthilus_gll_cert_util")
local cert_util = require("cert_util")

local ends, err = cert_util.not_after("localhost", os.getenv("TLS_ADDRESS"))
print(err) --> nil
local days = math.floor((ends - os.time()) / 86400)
print(days < 14 and "the certificate ends soon" or "there is time") --> the certificate ends soon
