---@meta runtime
-- Written from the declarations of the host modules; an editor reads it, nothing runs it.

---Operating system and processor.
---@class nauthilus_gll_runtime
local module = {}

---The operating system: `linux`, `darwin`, `windows` and so on.
---@return string name
function module.goos() end

---The processor: `amd64`, `arm64`, `arm` and so on.
---@return string name
function module.goarch() end

return module
