dynamic_loader("nauthilus_gll_json")
local json = require("json")

local answer = json.decode('{"blocked": true, "nets": ["192.0.2.0/24"]}')
print(answer.blocked, answer.nets[1]) --> true	192.0.2.0/24

print(json.encode({ "a", "b" })) --> ["a","b"]
print((json.decode("{"))) --> nil

-- An empty table is a list unless it is said to be an object.
local empty = {}
json.tableIsObject(empty)
print(json.encode({}), json.encode(empty)) --> []	{}
