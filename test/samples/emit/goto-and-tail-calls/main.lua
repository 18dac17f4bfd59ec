local function sum(n, total)
  if n == 0 then return total end
  return sum(n - 1, total + n)
end

function even(n)
  if n == 0 then return true end
  return odd(n - 1)
end

function odd(n)
  if n == 0 then return false end
  return even(n - 1)
end

for i = 1, 3 do
  if i == 2 then goto continue end
  print(sum(i, 0))
  ::continue::
end
