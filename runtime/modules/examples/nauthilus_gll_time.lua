dynamic_loader("nauthilus_gll_time")
local time = require("time")

local seconds = time.parse("2024-02-29 12:00", "2006-01-02 15:04", "Europe/Berlin")
print(seconds) --> 1709204400
print(time.format(seconds, "Mon, 02 Jan 2006 15:04 MST", "UTC")) --> Thu, 29 Feb 2024 11:00 UTC

local before = time.unix()
time.sleep(0.01)
print(time.unix() - before >= 0.009) --> true
