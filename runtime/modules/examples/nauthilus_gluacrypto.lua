dynamic_loader("nauthilus_gluacrypto")
local crypto = require("crypto")

print(crypto.sha1("secret")) --> e5e9fa1ba31ecd1ae84f75caaa474f3a663f05f4
print(crypto.hmac("sha256", "message", "key")) --> 6e9ef29b75fffc5b7abae527d58fdadb2fe42e7219011976917343065f58ed4a
print(crypto.base64_encode("user:secret")) --> dXNlcjpzZWNyZXQ=

local key, iv = ("k"):rep(16), ("i"):rep(16)
local sealed = crypto.encrypt("attack at dawn", "aes-cbc", key, 0, iv)
print(crypto.decrypt(sealed, "aes-cbc", key, 0, iv)) --> attack at dawn
print(crypto.encrypt("x", "rot13", key, 0, iv)) --> nil	unsupported encrypt method
