---@meta shellescape
-- Written from the declarations of the host modules; an editor reads it, nothing runs it.

---Quoting of words and commands for the shell.
---@class nauthilus_gll_shellescape
local module = {}

---One word for the shell, quoted if it has to be.
---@param word string
---@return string text
function module.quote(word) end

---A command line of the words of a list.
---@param words table
---@return string text
function module.quote_command(words) end

---The text without characters that are not printable.
---@param text string
---@return string text
function module.strip_unsafe(text) end

return module
