dynamic_loader("nauthilus_geoip")
local geoip = require("nauthilus_geoip")

print(geoip.geoip_country("192.0.2.9")) --> DE
print(geoip.geoip_asn("192.0.2.9")) --> 64496	Example Net

local record = geoip.geoip_lookup("192.0.2.9")
print(record.city.names.de, record.location.time_zone) --> Köln	Europe/Berlin

print(geoip.geoip_country("10.0.0.1")) --> nil
print(geoip.geoip_country("somewhere")) --> nil	not an IP address: somewhere
