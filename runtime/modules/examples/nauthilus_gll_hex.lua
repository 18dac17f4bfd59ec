dynamic_loader("nauthilus_gll_hex")
local hex = require("hex")

print(hex.encode_to_string("Lua")) --> 4c7561
print(hex.decode_string("4c7561")) --> Lua
print(hex.decode_string("4c7")) --> nil	encoding/hex: odd length hex string

local written = {}
local encoder = hex.new_encoder({ write = function(_, text) written[#written + 1] = text end })
encoder:write("a", "b")
print(table.concat(written, " ")) --> 61 62
