dynamic_loader("nauthilus_context")
local context = require("nauthilus_context")

context.context_set("geo", { country = "DE", cities = { "Bonn", "Ulm" } })

-- Every get makes a new table: changing it changes nothing for others.
local geo = context.context_get("geo")
geo.country = "FR"
print(context.context_get("geo").country) --> DE

context.context_delete("geo")
print(context.context_get("geo")) --> nil
