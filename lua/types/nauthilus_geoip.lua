---@meta nauthilus_geoip
-- Written from the declarations of the host modules; an editor reads it, nothing runs it.

---Country, city or network operator of an IP address, from databases in the MaxMind DB format.
---@class nauthilus_geoip
local module = {}

---All that the databases know of an address, as they have it; nil for nothing.
---@param ip string
---@return table? record
---@return string? err
function module.geoip_lookup(ip) end

---Two-letter code of the country (ISO 3166), or nil.
---@param ip string
---@return string? code
---@return string? err
function module.geoip_country(ip) end

---Number and name of the autonomous system, or nil.
---@param ip string
---@return integer? number
---@return string? organization
---@return string? err
function module.geoip_asn(ip) end

return module
