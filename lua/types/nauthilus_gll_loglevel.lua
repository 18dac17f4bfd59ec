---@meta loglevel
-- Written from the declarations of the host modules; an editor reads it, nothing runs it.

---Loggers DEBUG, INFO, WARN and ERROR; those below the level (INFO) write nothing.
---@class nauthilus_gll_loglevel
---@field DEBUG logger_ud The logger of the level DEBUG.
---@field INFO logger_ud The logger of the level INFO.
---@field WARN logger_ud The logger of the level WARN.
---@field ERROR logger_ud The logger of the level ERROR.
---@field levels table<string, integer> Ranks of the levels by their names.
local module = {}

---The level in capitals.
---@return string level
function module.get_level() end

---Silence all loggers below a level.
---@param level string
function module.set_level(level) end

---Where the loggers write.
---@return string output
function module.default_output() end

---Where the loggers write from the next set_level on.
---@param output string
function module.set_default_output(output) end

---A logger with an output (`-`, `STDERR` or a file), a prefix and flags (a table as for set_flags).
---@param output? string
---@param prefix? string
---@param flags? table
---@return logger_ud logger
---@return string? err
function module.new(output, prefix, flags) end

return module
