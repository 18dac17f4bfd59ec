---@meta yaml
-- Written from the declarations of the host modules; an editor reads it, nothing runs it.

---@class yaml.Decoder
local yaml_Decoder_object = {}

---The next document; nil and `EOF` at the end.
---@return any value
---@return string? err
function yaml_Decoder_object:decode() end

---Refuse keys that occur twice.
---@param on boolean
function yaml_Decoder_object:set_strict(on) end

---@class yaml.Encoder
local yaml_Encoder_object = {}

---Write a document.
---@param value any
---@return string? err
function yaml_Encoder_object:encode(value) end

---YAML 1.1 texts and streams; null elements of lists are dropped.
---@class nauthilus_gll_yaml
local module = {}

---The value of the first document.
---@param text string
---@return any value
---@return string? err
function module.decode(text) end

---A value as YAML; a table is a list if its keys are 1 to n.
---@param value any
---@return string? text
---@return string? err
function module.encode(value) end

---Decode from anything with a read method.
---@param reader any
---@return yaml.Decoder decoder
function module.new_decoder(reader) end

---Encode to anything with a write method.
---@param writer any
---@return yaml.Encoder encoder
function module.new_encoder(writer) end

return module
