dynamic_loader("nauthilus_gll_runtime")
local runtime = require("runtime")

print(#runtime.goos() > 0, #runtime.goarch() > 0) --> true	true
