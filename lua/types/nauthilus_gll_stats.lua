---@meta stats
-- Written from the declarations of the host modules; an editor reads it, nothing runs it.

---Median, percentile and standard deviation of a list; as in the reference, one zero per element is added.
---@class nauthilus_gll_stats
local module = {}

---The median of a list.
---@param list table
---@return number? value
---@return string? err
function module.median(list) end

---The value below which a percentage of a list is.
---@param list table
---@param percent number
---@return number? value
---@return string? err
function module.percentile(list, percent) end

---The standard deviation of a list.
---@param list table
---@return number? value
---@return string? err
function module.standard_deviation(list) end

return module
