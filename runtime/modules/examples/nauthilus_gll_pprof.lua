dynamic_loader("nauthilus_gll_pprof")
local pprof = require("pprof")

-- As long as it is enabled, a CPU profile comes from http://ADDRESS/debug/pprof/profile?seconds=10
local profiler = pprof.register("127.0.0.1:0")
profiler:enable()
profiler:disable()
print(type(profiler)) --> userdata
