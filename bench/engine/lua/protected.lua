-- pcall: calls that return, calls that fail with tables and texts, nested ones, error handling in a loop.
local function check(x) if x % 10 == 0 then error({ code = x }) end return x end
local function parse(s) local n = tonumber(s) if not n then error("not a number: " .. s, 0) end return n end
local function inner(x) local ok, v = pcall(check, x) if not ok then return v.code * 2 end return v end
return function()
  local n = 0
  for i = 1, 20000 do
    local ok, v = pcall(inner, i)
    if ok then n = n + v end
    local fine, w = pcall(parse, i % 20 == 0 and "x" or "7")
    n = n + (fine and w or #w)
  end
  return n
end
