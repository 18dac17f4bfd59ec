---@meta cmd
-- Written from the declarations of the host modules; an editor reads it, nothing runs it.

---Run commands with `sh -c`. Quote what comes from outside with the module shellescape.
---@class nauthilus_gll_cmd
local module = {}

---Run a command for at most some seconds (10); exit status, -1 after a signal, and what it wrote.
---@param command string
---@param timeout? integer
---@return table? ended
---@return string? err
function module.exec(command, timeout) end

return module
