-- The basic functions (Lua 5.1 manual 5.1).
assert(_VERSION == "Lua 5.1" and _G._G == _G)

-- type, tostring, tonumber
assert(type(nil) == "nil" and type(type) == "function" and type(newproxy()) == "userdata" and not pcall(type))
assert(tostring(nil) == "nil" and tostring(true) == "true" and tostring(1e15) == "1e+15" or tostring(1e15) == "1000000000000000")
assert(tostring({}):find("^table: 0x%x+$") and tostring(print):find("^function: ") and not pcall(tostring))
assert(tostring(setmetatable({}, {__tostring = function() return "shown" end})) == "shown")
assert(tonumber("0x10") == 16 and tonumber(" 12 ") == 12 and tonumber("1e1") == 10 and tonumber("") == nil)
assert(tonumber("z", 36) == 35 and tonumber("101", 2) == 5 and tonumber("8", 8) == nil and tonumber({}) == nil)
assert(not pcall(tonumber) and not pcall(tonumber, "1", 99) and tonumber(10, 16) == 16)

-- next, pairs, ipairs
assert(next({}) == nil and next({10}) == 1 and select("#", next({})) == 1)
local seen = {}
for k, v in pairs({1, 2, x = 3, [1.5] = 4}) do seen[k] = v end
assert(seen[1] == 1 and seen[2] == 2 and seen.x == 3 and seen[1.5] == 4)
local t = {}
for i = 1, 100 do t["k" .. i] = i end
for k in pairs(t) do t[k] = nil end
assert(next(t) == nil)
local n = 0
for i, v in ipairs({1, 2, nil, 4}) do n = n + v end
assert(n == 3)
for i, v in ipairs(setmetatable({}, {__index = function() return 1 end})) do error("ipairs is raw") end
assert(not pcall(next, {}, "unknown") and not pcall(pairs) and not pcall(ipairs, 1) and not pcall(next))
local f, s, c = ipairs(t)
assert(s == t and c == 0 and type(f) == "function")

-- raw access
local mt = {__index = function() return "meta" end, __newindex = function() error("no") end, __eq = function() return true end}
local a, b = setmetatable({}, mt), setmetatable({}, mt)
assert(a.x == "meta" and rawget(a, "x") == nil and rawset(a, "x", 1) == a and a.x == 1)
assert(a == b and not rawequal(a, b) and rawequal(a, a) and rawequal("a", "a"))
assert(not pcall(rawset, {}, nil, 1) and not pcall(rawget, 1, 1) and not pcall(rawequal, 1))

-- metatables
assert(getmetatable({}) == nil and getmetatable(a) == mt and getmetatable("").__index == string)
assert(setmetatable(a, nil) == a and getmetatable(a) == nil)
local protected = setmetatable({}, {__metatable = "locked"})
assert(getmetatable(protected) == "locked" and not pcall(setmetatable, protected, {}))
assert(not pcall(setmetatable, {}) and not pcall(setmetatable, {}, 1) and not pcall(setmetatable, 1, {}))

-- select, unpack
assert(select("#") == 0 and select("#", nil, nil) == 2 and select(2, "a", "b", "c") == "b" and select(-1, "a", "b") == "b")
assert(select("#", select(4, 1, 2, 3)) == 0 and not pcall(select, 0) and not pcall(select, -2, 1) and select("2", 1, 2) == 2)
assert(select("#", unpack({1, nil, 3}, 1, 3)) == 3 and select("#", unpack({})) == 0 and unpack({1, 2, 3}, 2) == 2)
assert(select("#", unpack({}, 1, 5000)) == 5000 and not pcall(unpack, {}, 1, 1e8) and not pcall(unpack))

-- collectgarbage, gcinfo, newproxy
assert(collectgarbage() == 0 and collectgarbage("count") > 0 and type(collectgarbage("step")) == "boolean" and gcinfo() > 0)
assert(not pcall(collectgarbage, "nonsense"))
local proxy = newproxy(true)
getmetatable(proxy).__index = {field = 1}
getmetatable(proxy).__len = function() return 9 end
assert(proxy.field == 1 and #proxy == 9 and newproxy(proxy).field == 1 and getmetatable(newproxy()) == nil)
assert(not pcall(newproxy, 1))

-- print asks the global tostring
local shown = {}
local original = tostring
tostring = function(v) shown[#shown + 1] = v return "" end
print(1, "two", false)
tostring = original
assert(shown[1] == 1 and shown[2] == "two" and shown[3] == false)
tostring = function() return {} end
assert(select(2, pcall(print, 1)) == "'tostring' must return a string to 'print'")
tostring = original

-- a replaced builtin is what code calls from then on
local real = assert
local calls = 0
assert = function(...) calls = calls + 1 return real(...) end
assert(true) assert(1, "x")
assert = real
assert(calls == 2)
local old = pairs
pairs = function(x) return function(_, k) if not k then return 1, "mine" end end, x, nil end
for k, v in pairs({}) do assert(k == 1 and v == "mine") end
pairs = old
