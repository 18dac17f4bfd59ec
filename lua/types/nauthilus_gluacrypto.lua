---@meta crypto
-- Written from the declarations of the host modules; an editor reads it, nothing runs it.

---Hashes, HMAC, base64 and the ciphers aes-cbc, des-cbc and des-ecb.
---@class nauthilus_gluacrypto
---@field RAW_DATA integer Option of ciphers: bytes instead of hexadecimal text.
---@field ZERO_PADDING integer For compatibility; the ciphers do not look at it.
---@field _VERSION string Version of the library that the module is compatible with.
---@field _DEBUG boolean Is it a debug build? Never.
local module = {}

---MD5 of the data in hexadecimal, or as bytes.
---@param data? any
---@param raw? any
---@return string digest
function module.md5(data, raw) end

---SHA-1 of the data in hexadecimal, or as bytes.
---@param data? any
---@param raw? any
---@return string digest
function module.sha1(data, raw) end

---SHA-256 of the data in hexadecimal, or as bytes.
---@param data? any
---@param raw? any
---@return string digest
function module.sha256(data, raw) end

---SHA-512 of the data in hexadecimal, or as bytes.
---@param data? any
---@param raw? any
---@return string digest
function module.sha512(data, raw) end

---CRC-32 of the data in hexadecimal, or as bytes.
---@param data? any
---@param raw? any
---@return string digest
function module.crc32(data, raw) end

---HMAC of the data with md5, sha1, sha256 or sha512, in hexadecimal or as bytes.
---@param algorithm? any
---@param data? any
---@param key? any
---@param raw? any
---@return string? text
---@return string? err
function module.hmac(algorithm, data, key, raw) end

---The data in base64.
---@param data? any
---@return string text
function module.base64_encode(data) end

---The data in URL-safe base64.
---@param data? any
---@return string text
function module.base64_url_encode(data) end

---The data of a base64 text.
---@param text? any
---@return string? text
---@return string? err
function module.base64_decode(text) end

---The data of a URL-safe base64 text.
---@param text? any
---@return string? text
---@return string? err
function module.base64_url_decode(text) end

---Encipher data; the result is hexadecimal unless options has RAW_DATA.
---@param data? any
---@param method? any
---@param key? any
---@param options? any
---@param iv? any
---@return string? text
---@return string? err
function module.encrypt(data, method, key, options, iv) end

---Decipher data, which is hexadecimal unless options has RAW_DATA.
---@param data? any
---@param method? any
---@param key? any
---@param options? any
---@param iv? any
---@return string? text
---@return string? err
function module.decrypt(data, method, key, options, iv) end

return module
