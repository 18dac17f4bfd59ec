dynamic_loader("nauthilus_gll_argparse")
local argparse = require("argparse")

local parser = argparse("policy", "Evaluate a policy.")
parser:argument("user")
parser:option("--country"):default("DE")
parser:flag("-v --verbose"):count("0-2")

local given = parser:parse({ "alice", "--country=FR", "-vv" })
print(given.user, given.country, given.verbose) --> alice	FR	2
print(parser:pparse({})) --> false	missing argument 'user'
print(parser:get_usage()) --> Usage: policy [-h] [--country <country>] [-v] <user>
