dynamic_loader("nauthilus_soft_whitelist")
local whitelist = require("nauthilus_soft_whitelist")

-- Mia's office has one address, and somebody there always mistypes.
print(whitelist.soft_whitelist_set("mia", "192.0.2.0/24", "brute_force")) --> nil
for _, network in ipairs(whitelist.soft_whitelist_get("mia", "brute_force")) do
  print(network) --> 192.0.2.0/24
end

print(whitelist.soft_whitelist_set("mia", "192.0.2.7", "brute_force")) --> not a network in CIDR notation: 192.0.2.7
print(whitelist.soft_whitelist_set("mia", "192.0.2.0/24", "lua")) --> wrong feature 'lua'; known: brute_force, relay_domains, rbl

whitelist.soft_whitelist_delete("mia", "192.0.2.0/24", "brute_force")
print(#whitelist.soft_whitelist_get("mia", "brute_force")) --> 0
