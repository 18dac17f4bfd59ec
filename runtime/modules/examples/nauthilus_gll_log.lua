dynamic_loader("nauthilus_gll_log")
local log = require("log")

local logger = log.new("-", "policy: ")
logger:printf("%s failed %d times", "mia", 3) --> policy: mia failed 3 times
logger:set_prefix("")
logger:println("done", true) --> done true
