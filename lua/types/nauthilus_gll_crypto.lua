---@meta nauthilus_gll_crypto
-- Written from the declarations of the host modules; an editor reads it, nothing runs it.

---MD5 and SHA-256 in hexadecimal, and AES.
---@class nauthilus_gll_crypto
local module = {}

---MD5 of the data in hexadecimal.
---@param data string
---@return string digest
function module.md5(data) end

---SHA-256 of the data in hexadecimal.
---@param data string
---@return string digest
function module.sha256(data) end

---Bytes encrypted with AES in the mode GCM, CBC or CTR.
---@param mode string
---@param key string
---@param iv string
---@param data string
---@return string? result
---@return string? err
function module.aes_encrypt(mode, key, iv, data) end

---What `aes_encrypt` has encrypted; the padding of CBC stays.
---@param mode string
---@param key string
---@param iv string
---@param data string
---@return string? result
---@return string? err
function module.aes_decrypt(mode, key, iv, data) end

---Like `aes_encrypt`, with key, iv, data and result in hexadecimal.
---@param mode string
---@param key string
---@param iv string
---@param data string
---@return string? result
---@return string? err
function module.aes_encrypt_hex(mode, key, iv, data) end

---Like `aes_decrypt`, with key, iv, data and result in hexadecimal.
---@param mode string
---@param key string
---@param iv string
---@param data string
---@return string? result
---@return string? err
function module.aes_decrypt_hex(mode, key, iv, data) end

return module
