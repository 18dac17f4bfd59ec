-- Functions as values: closures made and called, varargs, several results, pcall.
local function map(t, f) local r = {} for i = 1, #t do r[i] = f(t[i], i) end return r end
local function fold(t, f, a) for _, v in ipairs(t) do a = f(a, v) end return a end
local function minmax(...) local lo, hi = math.huge, -math.huge for i = 1, select("#", ...) do local v = (select(i, ...)) if v < lo then lo = v end if v > hi then hi = v end end return lo, hi end
return function()
  local sum = 0
  local list = {} for i = 1, 100 do list[i] = i end
  for round = 1, 1000 do
    local k = round
    local scaled = map(list, function(v, i) return v * k + i end)
    sum = sum + fold(scaled, function(a, b) return a + b end, 0)
    local lo, hi = minmax(k, 2, 3, 4)
    sum = sum + lo + hi
    local ok, v = pcall(function(x) return x + 1 end, k)
    if ok then sum = sum + v end
  end
  return sum
end
