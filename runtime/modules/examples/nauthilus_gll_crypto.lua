dynamic_loader("nauthilus_gll_crypto")
-- The name crypto alone means nauthilus_gluacrypto.
local crypto = require("nauthilus_gll_crypto")

print(crypto.md5("mia@example.test")) --> cef6915661f5794f7fe8a8b0253cf39e
print(crypto.sha256("mia@example.test")) --> 4ec4977ff540c78d4fab463af8c23f2ea7b3370cd94f423b05b45e36d724be28
