dynamic_loader("nauthilus_gll_cmd")
local cmd = require("cmd")
dynamic_loader("nauthilus_gll_shellescape")
local shellescape = require("shellescape")

local name = "mia; rm -rf /"
local ended, err = cmd.exec("echo " .. shellescape.quote(name), 5)
print(err, ended.status, ended.stdout) --> nil	0	mia; rm -rf /
--> 
print(cmd.exec("exit 3").status) --> 3
