---@meta base64
-- Written from the declarations of the host modules; an editor reads it, nothing runs it.

---@class base64.Encoding
local base64_Encoding_object = {}

---The bytes as base64.
---@param bytes string
---@return string text
function base64_Encoding_object:encode_to_string(bytes) end

---The bytes of a base64 text.
---@param text string
---@return string? bytes
---@return string? err
function base64_Encoding_object:decode_string(text) end

---@class base64.Encoder
local base64_Encoder_object = {}

---Write all arguments.
---@param ... string
function base64_Encoder_object:write(...) end

---Write what is held back.
function base64_Encoder_object:close() end

---@class base64.Decoder
local base64_Decoder_object = {}

---Read a number of bytes, a line (`*l`), a number (`*n`) or everything (`*a`); nil at the end.
---@param format? any
function base64_Decoder_object:read(format) end

---Close what is read from.
function base64_Decoder_object:close() end

---Base64 texts and streams in the standard, URL-safe and other alphabets, with and without padding.
---@class nauthilus_gll_base64
---@field StdEncoding base64.Encoding The standard alphabet, padded.
---@field RawStdEncoding base64.Encoding The standard alphabet without padding.
---@field URLEncoding base64.Encoding The alphabet for URLs and file names, padded.
---@field RawURLEncoding base64.Encoding The alphabet for URLs and file names without padding.
local module = {}

---An encoding with an alphabet of 64 characters of its own, padded.
---@param alphabet string
---@return base64.Encoding encoding
function module.new_encoding(alphabet) end

---Write base64 of what is written to it; close it to write the end.
---@param encoding base64.Encoding
---@param writer any
---@return base64.Encoder encoder
function module.new_encoder(encoding, writer) end

---Read the bytes of the base64 text that it reads.
---@param encoding base64.Encoding
---@param reader any
---@return base64.Decoder decoder
function module.new_decoder(encoding, reader) end

return module
