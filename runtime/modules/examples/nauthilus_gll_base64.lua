dynamic_loader("nauthilus_gll_base64")
local base64 = require("base64")

local text = base64.StdEncoding:encode_to_string("user:secret")
print(text) --> dXNlcjpzZWNyZXQ=
print(base64.StdEncoding:decode_string(text)) --> user:secret
print(base64.RawURLEncoding:encode_to_string("\255\254")) --> __4
print(base64.StdEncoding:decode_string("no base64!")) --> nil	illegal base64 data at input byte 2
