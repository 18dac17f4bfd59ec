dynamic_loader("nauthilus_gll_ioutil")
local ioutil = require("ioutil")

local path = os.getenv("FOLDER") .. "/blocked"
print(ioutil.write_file(path, "192.0.2.7\n")) --> 
print((ioutil.read_file(path):gsub("\n", ""))) --> 192.0.2.7
print((ioutil.read_file("/nowhere"))) --> nil
