---@meta goos
-- Written from the declarations of the host modules; an editor reads it, nothing runs it.

---Facts about files and the host; making folders.
---@class nauthilus_gll_goos
local module = {}

---Size, kind, mode (`-rw-r--r--`) and time of change in Unix seconds of what a path leads to.
---@param path string
---@return table? facts
---@return string? err
function module.stat(path) end

---The name of the host.
---@return string? name
---@return string? err
function module.hostname() end

---Bytes of a memory page.
---@return number bytes
function module.get_pagesize() end

---Make a folder and those above it; nothing on success.
---@param path string
---@return string? err
function module.mkdir_all(path) end

---All variables of the environment.
---@return table variables
function module.environ() end

return module
