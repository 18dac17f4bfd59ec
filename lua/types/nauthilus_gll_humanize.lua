---@meta humanize
-- Written from the declarations of the host modules; an editor reads it, nothing runs it.

---Sizes, quantities and times as people write them.
---@class nauthilus_gll_humanize
local module = {}

---How long ago, or how far ahead, a time in seconds since 1970 is.
---@param seconds integer
---@return string text
function module.time(seconds) end

---A number of bytes in binary units: 1.5 MiB.
---@param bytes integer
---@return string text
function module.ibytes(bytes) end

---The number of bytes of a size such as 1.5 MiB or 20k.
---@param text string
---@return number? bytes
---@return string? err
function module.parse_bytes(text) end

---A quantity with an SI prefix: 1.5 km.
---@param value number
---@param unit string
---@return string text
function module.si(value, unit) end

return module
