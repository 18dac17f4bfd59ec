---@meta loglevel
-- Written from the declarations of the host modules; an editor reads it, nothing runs it.

---@class logger_ud
local logger_ud_object = {}

---Log values, with blanks only between those that are no text.
---@param ... any
function logger_ud_object:print(...) end

---Log values with blanks between them.
---@param ... any
function logger_ud_object:println(...) end

---Log values in a format of Go (`%d %s %v %5.2f`).
---@param format string
---@param ... any
function logger_ud_object:printf(format, ...) end

---What every line begins with.
---@param prefix string
function logger_ud_object:set_prefix(prefix) end

---What stands before the text: date, time, microseconds, utc, longfile; those not given are off.
---@param flags table
function logger_ud_object:set_flags(flags) end

---Write to `-` or `STDOUT`, `STDERR`, or the end of a file.
---@param output string
---@return string? err
function logger_ud_object:set_output(output) end

---Close the file, if it is one.
---@return string? err
function logger_ud_object:close() end

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
