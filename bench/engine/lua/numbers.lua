-- Floating point: spectral norm and a Mandelbrot set, numbers in locals and in arrays.
local function A(i, j) local ij = i + j - 1 return 1 / (ij * (ij - 1) * 0.5 + i) end
local function times(x, y, n, transposed)
  for i = 1, n do local a = 0 for j = 1, n do a = a + x[j] * (transposed and A(j, i) or A(i, j)) end y[i] = a end
end
local function mandelbrot(size)
  local inside = 0
  for py = 0, size - 1 do
    for px = 0, size - 1 do
      local cx, cy, x, y, i = 2 * px / size - 1.5, 2 * py / size - 1, 0, 0, 0
      while i < 50 and x * x + y * y < 4 do x, y, i = x * x - y * y + cx, 2 * x * y + cy, i + 1 end
      if i == 50 then inside = inside + 1 end
    end
  end
  return inside
end
return function()
  local n, u, v, t = 100, {}, {}, {}
  for i = 1, n do u[i] = 1 end
  for _ = 1, 5 do times(u, t, n, false) times(t, v, n, true) times(v, t, n, false) times(t, u, n, true) end
  local vBv, vv = 0, 0
  for i = 1, n do vBv, vv = vBv + u[i] * v[i], vv + v[i] * v[i] end
  return math.floor(math.sqrt(vBv / vv) * 1e6) + mandelbrot(120)
end
