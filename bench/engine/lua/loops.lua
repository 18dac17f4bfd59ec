-- Plain loops: numbers in locals, while, repeat, nested for, branches.
return function()
  local x, y, n = 0, 1, 0
  for i = 1, 3000000 do x = x + i % 7 end
  while y < 1e6 do y = y + 3 n = n + 1 end
  repeat n = n - 1 until n < 1000
  for i = 1, 300 do for j = 1, 300 do for k = 1, 10 do if (i + j) % 3 == 0 then x = x + k elseif j > i then x = x - 1 end end end end
  return x + y + n
end
