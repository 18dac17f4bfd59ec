dynamic_loader("nauthilus_gll_log")
local log = require("loglevel")

log.set_level("warn")
print(log.get_level()) --> WARN
log.INFO:print("nobody sees this")

log.WARN:set_output("-")
log.WARN:set_flags({})
log.WARN:print("look here") --> [WARN] look here
