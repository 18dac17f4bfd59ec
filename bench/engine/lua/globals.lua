-- Code that uses globals and library functions through them.
count = 0
function add(a, b) count = count + 1 return a + b end
return function()
  local s = 0
  for i = 1, 200000 do s = add(s, math.floor(i / 3) + math.max(i, 5) % 3) if type(s) ~= "number" then error("no") end end
  return s + count
end
