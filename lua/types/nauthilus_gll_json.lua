---@meta json
-- Written from the declarations of the host modules; an editor reads it, nothing runs it.

---@class json.Decoder
local json_Decoder_object = {}

---The next value; nil and `EOF` at the end.
---@return any value
---@return string? err
function json_Decoder_object:decode() end

---Is there another value?
---@return boolean answer
function json_Decoder_object:more() end

---How many bytes have been read.
---@return integer offset
function json_Decoder_object:input_offset() end

---@class json.Encoder
local json_Encoder_object = {}

---Write a value and a line end.
---@param value any
---@return string? err
function json_Encoder_object:encode(value) end

---Write one member a line, with a prefix and an indent per level.
---@param prefix string
---@param indent string
function json_Encoder_object:set_indent(prefix, indent) end

---Write < > & as escapes (the default) or as they are.
---@param on boolean
function json_Encoder_object:set_escape_HTML(on) end

---JSON texts and streams; null elements of lists are dropped, numbers are doubles.
---@class nauthilus_gll_json
local module = {}

---The value of a JSON text.
---@param text string
---@return any value
---@return string? err
function module.decode(text) end

---A value as JSON; a table is a list if its keys are 1 to n.
---@param value any
---@return string? text
---@return string? err
function module.encode(value) end

---Let an empty table be an object.
---@param table table
function module.tableIsObject(table) end

---Decode from anything with a read method.
---@param reader any
---@return json.Decoder decoder
function module.new_decoder(reader) end

---Encode to anything with a write method.
---@param writer any
---@return json.Encoder encoder
function module.new_encoder(writer) end

return module
