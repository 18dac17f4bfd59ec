dynamic_loader("nauthilus_gll_tcp")
local tcp = require("tcp")

local connection, err = tcp.open(os.getenv("TCP_ADDRESS"), 5)
print(err) --> nil
connection.readTimeout = 2
print((connection:read("*l"):gsub("\r", ""))) --> 220 mx.example.test ESMTP
connection:close()

print((tcp.open("127.0.0.1:1"))) --> nil
