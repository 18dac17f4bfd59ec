---@meta strings
-- Written from the declarations of the host modules; an editor reads it, nothing runs it.

---@class strings.Reader
local strings_Reader_object = {}

---Read a number of bytes, a line (`*l`), a number (`*n`) or everything (`*a`); nil at the end.
---@param format? any
function strings_Reader_object:read(format) end

---Close what is read from.
function strings_Reader_object:close() end

---@class strings.Builder
local strings_Builder_object = {}

---Write all arguments.
---@param ... string
function strings_Builder_object:write(...) end

---Write what is held back.
function strings_Builder_object:close() end

---Everything written so far.
---@return string content
function strings_Builder_object:string() end

---Splitting, trimming and searching without patterns, and texts as streams.
---@class nauthilus_gll_strings
---@field Reader table Metatable of all readers.
---@field Builder table Metatable of all builders.
local module = {}

---The parts between the separators; without separator the UTF-8 characters.
---@param text string
---@param separator? string
---@return string[] parts
function module.split(text, separator) end

---The parts between runs of Unicode white space.
---@param text string
---@return string[] parts
function module.fields(text) end

---The text without the characters of the set at both ends.
---@param text string
---@param characters string
---@return string text
function module.trim(text, characters) end

---The text without white space at both ends.
---@param text string
---@return string text
function module.trim_space(text) end

---The text without the prefix, if it has it.
---@param text string
---@param prefix string
---@return string text
function module.trim_prefix(text, prefix) end

---The text without the suffix, if it has it.
---@param text string
---@param suffix string
---@return string text
function module.trim_suffix(text, suffix) end

---Does the text contain the other one?
---@param text string
---@param part string
---@return boolean answer
function module.contains(text, part) end

---Does the text begin with the prefix?
---@param text string
---@param prefix string
---@return boolean answer
function module.has_prefix(text, prefix) end

---Does the text end with the suffix?
---@param text string
---@param suffix string
---@return boolean answer
function module.has_suffix(text, suffix) end

---Read from a text.
---@param text string
---@return strings.Reader reader
function module.new_reader(text) end

---Write to a text.
---@return strings.Builder builder
function module.new_builder() end

return module
