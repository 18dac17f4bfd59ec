dynamic_loader("nauthilus_gll_regexp")
local regexp = require("regexp")

local address = regexp.compile([[^([^@]+)@(?:[a-z]+\.)?example\.test$]])
print(address:match("mia@mail.example.test")) --> true
print(address:find_all_string_submatch("mia@example.test")[1][2]) --> mia
print((regexp.compile("("))) --> nil
