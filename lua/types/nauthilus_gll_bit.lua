---@meta bit
-- Written from the declarations of the host modules; an editor reads it, nothing runs it.

---Bit operations on numbers from 0 to 4294967295.
---@class nauthilus_gll_bit
local module = {}

---Bits that are set in both numbers.
---@param a integer
---@param b integer
---@return number? bits
---@return string? err
function module.band(a, b) end

---Bits that are set in one of the numbers or both.
---@param a integer
---@param b integer
---@return number? bits
---@return string? err
function module.bor(a, b) end

---Bits that are set in one of the numbers, but not in both.
---@param a integer
---@param b integer
---@return number? bits
---@return string? err
function module.bxor(a, b) end

---All bits moved to the left.
---@param a integer
---@param b integer
---@return number? bits
---@return string? err
function module.lshift(a, b) end

---All bits moved to the right.
---@param a integer
---@param b integer
---@return number? bits
---@return string? err
function module.rshift(a, b) end

---All bits turned around.
---@param a integer
---@return number? bits
---@return string? err
function module.bnot(a) end

return module
