dynamic_loader("nauthilus_gll_tac")
local tac = require("tac")
dynamic_loader("nauthilus_gll_ioutil")
local ioutil = require("ioutil")

local path = os.getenv("FOLDER") .. "/log"
ioutil.write_file(path, "first\nsecond\nthird\n")

local reader = tac.open(path)
local line = reader:line()
while line do
  print(line)
  line = reader:line()
end
reader:close()
--> third
--> second
--> first
