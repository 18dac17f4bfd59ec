local function swap(a, b)
  return b, a
end

local function count(...)
  return select("#", ...), ...
end

local x, y = swap(1, 2)
x, y = y, x
local first = (swap(x, y))
print(first, count(swap(x, y)))
return
