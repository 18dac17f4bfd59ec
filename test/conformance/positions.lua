-- Which line an error names when an operation spans several (checked against the reference interpreter).
local function line(f, ...) return tonumber(select(2, pcall(f, ...)):match(":(%d+):")) end
local here = debug.getinfo(1, "l").currentline

-- A store happens when the last value has been read
assert(line(function()
  missing.x
  =
  1
end) == here + 6)
assert(line(function()
  local t
  t.a, t.b = 1,
  2
end) == here + 11)
assert(line(function()
  missing.f = function()
  end
end) == here + 15)

-- but a function statement happens where it begins
assert(line(function()
  function missing
  .f()
  end
end) == here + 20)

-- Other operations: the last line of their last operand
assert(line(function() return 1 +
  nil end) == here + 27)
assert(line(function() return {} ..
  "x" ..
  "y" end) == here + 30)
assert(line(function() return missing
  .x end) == here + 32)

-- A call: its parenthesis
assert(line(function() return {missing(
  1
) } end) == here + 35)
