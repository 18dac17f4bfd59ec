---@meta pb
-- Written from the declarations of the host modules; an editor reads it, nothing runs it.

---@class pb_ud
local pb_ud_object = {}

---Settings: template (`simple`, `full` or one of your own), writer (`stdout`), refresh_rate (milliseconds).
---@param settings table
---@return string? err
function pb_ud_object:configure(settings) end

---Begin to count and to write.
---@return pb_ud bar
function pb_ud_object:start() end

---Count one more.
---@return pb_ud bar
function pb_ud_object:increment() end

---Write the last line and end.
---@return pb_ud bar
function pb_ud_object:finish() end

---Progress bars on standard error or standard output.
---@class nauthilus_gll_pb
local module = {}

---A bar for a number of steps.
---@param total? integer
---@return pb_ud bar
function module.new(total) end

return module
