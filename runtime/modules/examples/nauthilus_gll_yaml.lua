dynamic_loader("nauthilus_gll_yaml")
local yaml = require("yaml")

local rules = yaml.decode("limits: { mia: 3 }\nnets: [192.0.2.0/24]")
print(rules.limits.mia, rules.nets[1]) --> 3	192.0.2.0/24
print(yaml.encode({ user = "mia" }))
--> user: mia
--> 
