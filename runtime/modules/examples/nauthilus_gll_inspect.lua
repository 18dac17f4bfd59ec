dynamic_loader("nauthilus_gll_inspect")
local inspect = require("inspect")

print(inspect({ 1, 2, user = "mia" }, { newline = " ", indent = "" })) --> { 1, 2, user = "mia" }

local function hide(item, path)
  if path[#path] ~= "password" then return item end
end
print(inspect({ user = "mia", password = "x" }, { newline = " ", indent = "", process = hide })) --> { user = "mia" }
