dynamic_loader("nauthilus_gll_http")
local http_util = require("http_util")

print(http_util.query_escape("mia & tom")) --> mia+%26+tom
print(http_util.query_unescape("mia+%26+tom")) --> mia & tom

local parts = http_util.parse_url("https://example.test:8443/a/b?user=mia")
print(parts.scheme, parts.host, parts.path) --> https	example.test:8443	/a/b
print(http_util.build_url({ scheme = "https", host = "example.test", path = "/a" })) --> https://example.test/a
