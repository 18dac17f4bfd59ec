dynamic_loader("nauthilus_dns")
local dns = require("nauthilus_dns")

for _, address in ipairs(dns.resolve("mail.example.test") or {}) do
  print(address) --> 192.0.2.25
end

local exchangers = dns.resolve("example.test", "MX")
table.sort(exchangers, function(a, b) return a.pref < b.pref end)
print(exchangers[1].host, exchangers[1].pref) --> mail.example.test	10

local records, err = dns.resolve("nobody.example.test", "A")
print(records, err) --> nil	lookup nobody.example.test: no such host
