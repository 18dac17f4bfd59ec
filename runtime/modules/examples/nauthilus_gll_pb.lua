dynamic_loader("nauthilus_gll_pb")
local pb = require("pb")

local bar = pb.new(3)
print(bar:configure({ template = "simple", refresh_rate = 500 })) --> 
print(bar:configure({ writer = "printer" })) --> unknown writer: `printer`
print(type(bar:increment())) --> userdata
