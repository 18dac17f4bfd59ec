---@meta nauthilus_misc
-- Written from the declarations of the host modules; an editor reads it, nothing runs it.

---Country names and random delays.
---@class nauthilus_misc
local module = {}

---English name of a country by its ISO code or name; `Unknown` for everything else.
---@param code string
---@return string name
function module.get_country_name(code) end

---Wait a random number of milliseconds, at least min and less than max; nil at once for an empty range.
---@param min_ms number
---@param max_ms number
---@return integer? waited_ms
function module.wait_random(min_ms, max_ms) end

return module
