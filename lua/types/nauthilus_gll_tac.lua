---@meta tac
-- Written from the declarations of the host modules; an editor reads it, nothing runs it.

---@class tac_ud
local tac_ud_object = {}

---The line before the last one that was read; nil at the top.
---@return string? line
function tac_ud_object:line() end

---Close the file.
function tac_ud_object:close() end

---Read a file line by line from its end.
---@class nauthilus_gll_tac
local module = {}

---Open a file.
---@param path string
---@return tac_ud? reader
---@return string? err
function module.open(path) end

return module
