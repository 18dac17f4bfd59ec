dynamic_loader("nauthilus_gll_crypto")
-- The name crypto alone means nauthilus_gluacrypto.
local crypto = require("nauthilus_gll_crypto")

print(crypto.md5("mia@example.test")) --> cef6915661f5794f7fe8a8b0253cf39e
print(crypto.sha256("mia@example.test")) --> 4ec4977ff540c78d4fab463af8c23f2ea7b3370cd94f423b05b45e36d724be28

local key, nonce = "86e15cbc1cbf510d8f2e51d4b63a2144", "b6b86d581a991a652158bd10"
local sealed = crypto.aes_encrypt_hex("GCM", key, nonce, "48656c6c6f20776f726c64")
print(sealed) --> 7ec4e38508a26abf7b46e8dc90a7299d5144bcf045e460c3ef6b3e
print(crypto.aes_decrypt_hex("GCM", key, nonce, sealed)) --> 48656c6c6f20776f726c64
print(crypto.aes_encrypt("CBC", "short", nonce, "x")) --> nil	failed to encrypt: crypto/aes: invalid key size 5
