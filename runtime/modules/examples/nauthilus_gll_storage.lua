dynamic_loader("nauthilus_gll_storage")
local storage = require("storage")

local store = storage.open(os.getenv("FOLDER") .. "/seen.json")
store:set("mia", { logins = 3 }, 3600)
print(store:get("mia").logins) --> 3
print(store:get("tom")) --> nil	false
print(store:close()) --> 
