dynamic_loader("nauthilus_gll_strings")
local strings = require("strings")

print(table.concat(strings.split("a,b,,c", ","), "|")) --> a|b||c
print(strings.trim_space("  mia \n")) --> mia
print(strings.has_suffix("mia@example.test", "@example.test")) --> true

local builder = strings.new_builder()
builder:write("user=", "mia")
print(builder:string()) --> user=mia
