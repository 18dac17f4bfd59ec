-- Variable arguments and several results: passing on, counting, selecting, packing, unpacking.
local function sum(...) local s = 0 for i = 1, select("#", ...) do s = s + (select(i, ...)) end return s end
local function pass(...) return ... end
local function prefix(...) return 1, ... end
local function pack(...) return { n = select("#", ...), ... } end
local function divide(a, b) return (a - a % b) / b, a % b end
return function()
  local n = 0
  for i = 1, 30000 do
    n = n + sum(i, 2, 3) + sum(pass(i, 4)) + (select("#", prefix(i, i)))
    local q, r = divide(i, 7)
    n = n + q + r
    local t = pack(i, q, r)
    n = n + t.n + t[2] + select(2, unpack(t, 1, t.n))
    local a, b, c = prefix(i, r)
    n = n + a + b + c
  end
  return n
end
