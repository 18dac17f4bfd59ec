local n = 0

local function remember(key)
  local value = wait(key)
  if value then n = n + 1 end
  return value
end

local function plain(a, b)
  return a + b
end

print(plain(1, 2), remember("k"))
