-- Errors: values, levels, positions, protected calls (Lua 5.1 manual 5.1: error, assert, pcall, xpcall).
local function message(f, ...) return select(2, pcall(f, ...)) end

-- Values pass unchanged, strings and numbers get a position
local value = {}
assert(message(error, value) == value and message(error) == nil and message(error, true) == true)
assert(message(function() error("text") end) == "errors.lua:7: text")
assert(message(function() error(42) end) == "errors.lua:8: 42")
assert(message(function() error("text", 0) end) == "text")
assert(message(error, "text") == "text")
local function level2() error("text", 2) end
assert(message(function() level2() end) == "errors.lua:12: text")
local function level3() local function inner() error("text", 3) end inner() end
assert(message(function() level3() end) == "errors.lua:14: text")
assert(message(function() error("text", 50) end) == "text")
assert(message(function() return error("text") end) == "errors.lua:16: text")
local function lost() error("text", 2) end
assert(message(function() return lost() end) == "text") -- the tail call lost level 2

-- assert
assert(select("#", assert(1, 2, 3)) == 3 and select(2, assert(1, "m")) == "m" and assert(0) == 0)
assert(message(function() assert(false) end) == "errors.lua:22: assertion failed!")
assert(message(function() assert(nil, "reason") end) == "errors.lua:23: reason")
assert(message(assert, false) == "assertion failed!")
assert(message(assert):find("bad argument #1 to '?' (value expected)", 1, true))

-- pcall and xpcall
assert(select("#", pcall(function() end)) == 1 and select("#", pcall(function() return nil, nil end)) == 3)
assert(message(nil) == "attempt to call a nil value" and message(5) == "attempt to call a number value")
assert(message({}) == "attempt to call a table value")
assert(pcall(setmetatable({}, {__call = function(_, x) return x end}), 1))
assert(message(pcall) == "bad argument #1 to '?' (value expected)")
assert(select("#", xpcall(function() return 1, 2 end, print)) == 3)
assert(select("#", xpcall(function(...) return ... end, print, 1, 2)) == 1) -- 5.1 passes no arguments
local ok, a, b = xpcall(function() error("e", 0) end, function(m) return m .. "!", "dropped" end)
assert(not ok and a == "e!" and b == nil)
assert(select(2, xpcall(function() error("e", 0) end, function() error("second") end)) ~= "e")
assert(select(2, xpcall(5, function(m) return m end)) == "attempt to call a number value")
assert(message(xpcall, print):find("bad argument #2 to '?' (value expected)", 1, true))

-- Errors in nested protected calls
local order = {}
local function nest(depth)
  if depth == 0 then error("bottom", 0) end
  local ok, e = pcall(nest, depth - 1)
  order[#order + 1] = depth
  error(e .. depth, 0)
end
assert(message(nest, 3) == "bottom123" and table.concat(order) == "123")

-- Run-time errors name the operand and the line
local t = {}
assert(message(function() return t.x.y end) == "errors.lua:53: attempt to index field 'x' (a nil value)")
assert(message(function() t.x.y = 1 end) == "errors.lua:54: attempt to index field 'x' (a nil value)")
assert(message(function() local l l() end) == "errors.lua:55: attempt to call local 'l' (a nil value)")
assert(message(function() undefined_name() end) == "errors.lua:56: attempt to call global 'undefined_name' (a nil value)")
assert(message(function() t:nothing() end) == "errors.lua:57: attempt to call method 'nothing' (a nil value)")
assert(message(function() return t + 1 end) == "errors.lua:58: attempt to perform arithmetic on upvalue 't' (a table value)")
assert(message(function() return 1 .. {} end) == "errors.lua:59: attempt to concatenate a table value")
assert(message(function() return 1 < "2" end) == "errors.lua:60: attempt to compare number with string")
assert(message(function() return {} < {} end) == "errors.lua:61: attempt to compare two table values")
assert(message(function() return #nil end) == "errors.lua:62: attempt to get length of a nil value")
assert(message(function()
  return 1 +
    t.x
end) == "errors.lua:65: attempt to perform arithmetic on field 'x' (a nil value)")
assert(message(function() for i = 1, "x" do end end) == "errors.lua:67: 'for' limit must be a number")
assert(message(function() t[nil] = 1 end) == "errors.lua:68: table index is nil")

-- Argument errors use the name the caller used
local floor, lib = math.floor, {f = math.floor}
assert(message(function() floor({}) end) == "errors.lua:72: bad argument #1 to 'floor' (number expected, got table)")
assert(message(function() lib.f({}) end) == "errors.lua:73: bad argument #1 to 'f' (number expected, got table)")
assert(message(function() math.floor() end) == "errors.lua:74: bad argument #1 to 'floor' (number expected, got no value)")
assert(message(function() ("x"):rep({}) end) == "errors.lua:75: bad argument #1 to 'rep' (number expected, got table)")
assert(message(function() lib:f() end) == "errors.lua:76: calling 'f' on bad self (number expected, got table)")
assert(message(string.rep) == "bad argument #1 to '?' (string expected, got no value)")
assert(message(function() setmetatable(1, {}) end) == "errors.lua:78: bad argument #1 to 'setmetatable' (table expected, got number)")
assert(message(function() ipairs() end) == "errors.lua:79: bad argument #1 to 'ipairs' (table expected, got no value)")

-- Deep recursion is an error that can be caught, again and again, and not before 16000 levels
local function depth(n) if n == 0 then return 0 end return 1 + depth(n - 1) end
assert(depth(16000) == 16000)
local function endless(n) return 1 + endless(n + 1) end
for _ = 1, 3 do
  local ok, e = pcall(endless, 1)
  assert(not ok and e == "errors.lua:84: stack overflow", e)
end
assert(depth(16000) == 16000)
local function through_pcall() local ok, e = pcall(through_pcall) if not ok then error(e, 0) end end
assert(message(through_pcall):find("stack overflow", 1, true))
local indexed = setmetatable({}, {__index = function(self, k) return self[k .. "x"] end})
assert(message(function() return indexed.a end):find("stack overflow", 1, true))
local function spin(n) if n == 0 then return "end" end return spin(n - 1) end
assert(spin(200000) == "end")

-- Library functions know how they were called, however many arguments the call spreads
local function spread(...) return ... end
assert(message(function() error(pcall(spread)) end) == true)
assert(message(function() error(spread("text", 1)) end) == "errors.lua:100: text")
assert(message(function() error(spread("text", 1, 2, 3, 4, 5, 6, 7)) end) == "errors.lua:101: text")
assert(message(function() string.rep(spread(nil, 1, 2, 3, 4)) end):find("bad argument #1 to 'rep' (string expected, got nil)", 1, true))

-- A constructor fails at the field whose key is nil or NaN, after its value
local seen = ""
local function see(text, value) seen = seen .. text return value end
assert(message(function() return {[see("k")] = see("v", 1), see("not reached")} end) == "errors.lua:107: table index is nil")
assert(seen == "kv")
assert(message(function() return {[see("k", 0 / 0)] = see("v", 1), [see("not reached")] = 2} end) == "errors.lua:109: table index is NaN")
assert(seen == "kvkv")

-- Keys that are constants behind `and`, `or` and `not` have a name.
print(select(2, pcall(function() return 1 .. ({})[1 and nil or "s"] end)))
print(select(2, pcall(function() return 1 .. ({})[not nil and "s"] end)))
print(select(2, pcall(function() return 1 .. ({})[("a") or "s"] end)))
