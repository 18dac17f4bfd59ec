dynamic_loader("nauthilus_gll_bit")
local bit = require("bit")

print(bit.band(12, 10), bit.bor(12, 10), bit.bxor(12, 10)) --> 8	14	6
print(bit.lshift(1, 31), bit.rshift(256, 4), bit.bnot(0)) --> 2147483648	16	4294967295
print(bit.band(-1, 1)) --> nil	cannot convert negative int -1 to uint32
