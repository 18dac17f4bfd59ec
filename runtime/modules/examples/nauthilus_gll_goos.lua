dynamic_loader("nauthilus_gll_goos")
local goos = require("goos")

local folder = os.getenv("FOLDER") .. "/a/b"
print(goos.mkdir_all(folder)) --> 
local facts = goos.stat(folder)
print(facts.is_dir, facts.mode) --> true	drwxr-xr-x
print((goos.stat("/nowhere"))) --> nil
print(goos.environ().PATH == os.getenv("PATH")) --> true
