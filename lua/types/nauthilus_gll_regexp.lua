---@meta regexp
-- Written from the declarations of the host modules; an editor reads it, nothing runs it.

---@class regexp_ud
local regexp_ud_object = {}

---Does the pattern match anywhere in the text?
---@param text string
---@return boolean answer
function regexp_ud_object:match(text) end

---All matches, each with its groups.
---@param text string
---@return table matches
function regexp_ud_object:find_all_string_submatch(text) end

---Regular expressions in RE2 syntax, which match in linear time.
---@class nauthilus_gll_regexp
local module = {}

---A compiled pattern.
---@param pattern string
---@return regexp_ud? regexp
---@return string? err
function module.compile(pattern) end

---Does the pattern match anywhere in the text?
---@param pattern string
---@param text string
---@return boolean? answer
---@return string? err
function module.match(pattern, text) end

---All matches, each a list of the whole match and its groups.
---@param pattern string
---@param text string
---@return table? matches
---@return string? err
function module.find_all_string_submatch(pattern, text) end

return module
