-- A sieve, a matrix product and a stack: number keys of every kind.
local function sieve(n)
  local flags = {} for i = 2, n do flags[i] = true end
  local count = 0
  for i = 2, n do if flags[i] then count = count + 1 for k = i * 2, n, i do flags[k] = false end end end
  return count
end
local function product(n)
  local a, b, c = {}, {}, {}
  for i = 1, n do a[i], b[i], c[i] = {}, {}, {} for j = 1, n do a[i][j] = i + j b[i][j] = i - j end end
  for i = 1, n do local ai, ci = a[i], c[i] for j = 1, n do local s = 0 for k = 1, n do s = s + ai[k] * b[k][j] end ci[j] = s end end
  return c[n][n]
end
local function stack(n)
  local s, sum = {}, 0
  for i = 1, n do s[#s + 1] = i if i % 3 == 0 then sum = sum + s[#s] s[#s] = nil end end
  return sum + #s
end
return function() return sieve(200000) + product(80) + stack(300000) end
