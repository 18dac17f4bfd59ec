dynamic_loader("nauthilus_gll_http")
local url = require("http_util")

local parts = url.parse_url("https://mia:secret@mail.example.test:8443/a%20b?x=1&x=2")
print(parts.host, parts.port, parts.path, parts.user.username, parts.query.x[2]) --> mail.example.test:8443	8443	/a b	mia	2
print(url.build_url({ scheme = "https", host = "example.test", path = "/a b", query = { user = { "mia" } } })) --> https://example.test/a%20b?user=mia
print(url.query_unescape("a+b%21")) --> a b!
