---@meta hex
-- Written from the declarations of the host modules; an editor reads it, nothing runs it.

---@class hex.Encoder
local hex_Encoder_object = {}

---Write all arguments.
---@param ... string
function hex_Encoder_object:write(...) end

---Write what is held back.
function hex_Encoder_object:close() end

---@class hex.Decoder
local hex_Decoder_object = {}

---Read a number of bytes, a line (`*l`), a number (`*n`) or everything (`*a`); nil at the end.
---@param format? any
function hex_Decoder_object:read(format) end

---Close what is read from.
function hex_Decoder_object:close() end

---Hexadecimal texts and streams.
---@class nauthilus_gll_hex
local module = {}

---The bytes in hexadecimal.
---@param bytes string
---@return string text
function module.encode_to_string(bytes) end

---The bytes of a hexadecimal text.
---@param text string
---@return string? bytes
---@return string? err
function module.decode_string(text) end

---Write what is written to it in hexadecimal.
---@param writer any
---@return hex.Encoder encoder
function module.new_encoder(writer) end

---Read the bytes of the hexadecimal text that it reads.
---@param reader any
---@return hex.Decoder decoder
function module.new_decoder(reader) end

return module
