---@meta time
-- Written from the declarations of the host modules; an editor reads it, nothing runs it.

---Current time, sleeping, and times in Go layouts and IANA time zones.
---@class nauthilus_gll_time
local module = {}

---Seconds since 1970, with a fraction.
---@return number seconds
function module.unix() end

---Nanoseconds since 1970, as exact as a number can be.
---@return number nanoseconds
function module.unix_nano() end

---Wait, without holding up other requests.
---@param seconds number
function module.sleep(seconds) end

---Seconds since 1970 of a text in a layout; a value without zone is read in the location, UTC by default.
---@param value string
---@param layout string
---@param location? string
---@return number? seconds
---@return string? err
function module.parse(value, layout, location) end

---Text of a time in a layout and location; the zone of the process without one.
---@param seconds number
---@param layout? string
---@param location? string
---@return string? text
---@return string? err
function module.format(seconds, layout, location) end

return module
