dynamic_loader("nauthilus_gll_stats")
local stats = require("stats")

-- Three zeros belong to the sample of three numbers.
print(stats.median({ 4, 6, 8 })) --> 2
print((stats.median({}))) --> nil
