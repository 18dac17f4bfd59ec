local sum = 0
for i = 1, 100 do
  sum = sum + i % 3
end

local getters = {}
for name, value in pairs({ a = 1, b = 2 }) do
  getters[name] = function() return value end
end

while sum > 10 do
  sum = sum - 7
  if getters.a() == sum then break end
end
