dynamic_loader("nauthilus_gll_humanize")
local humanize = require("humanize")

print(humanize.ibytes(1572864)) --> 1.5 MiB
print(humanize.parse_bytes("1.5 MiB")) --> 1572864
print(humanize.si(0.0025, "s")) --> 2.5 ms
print(humanize.time(os.time() - 3 * 3600)) --> 3 hours ago
