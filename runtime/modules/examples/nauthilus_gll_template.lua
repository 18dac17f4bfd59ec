dynamic_loader("nauthilus_gll_template")
local template = require("template")

local mustache = template.choose("mustache")
local mail = "Hello {{name}}{{#devices}}, {{.}}{{/devices}}"
print(mustache:render(mail, { name = "Mia & Tom", devices = { "phone", "laptop" } })) --> Hello Mia &amp; Tom, phone, laptop
