-- A host function that waits may be called anywhere a function may be called.
-- `wait(...)` gives its arguments back after a turn of the event loop; `fail(message)` waits, then raises an error.

local log = {}
local function note(text) log[#log + 1] = text return text end
local function noted() local text = table.concat(log, ",") log = {} return text end

-- Expressions and statements
wait()
assert(wait(1) == 1)
assert(select("#", wait(nil, nil, nil)) == 3)
assert(wait(2) + wait(3) * wait(4) == 14)
assert(#{wait(1, 2, 3)} == 3 and #{wait(1, 2, 3), 0} == 2 and #{(wait(1, 2, 3))} == 1)
if wait(false) then error("not reached") elseif not wait(nil) then note("elseif") end
assert(noted() == "elseif")
local function many() return wait(1), wait(2, 3) end
assert(select("#", many()) == 3 and select(3, many()) == 3)
local t = {[wait("k")] = wait("v"), wait("a"), x = wait("b"), wait("c", "d")}
assert(t.k == "v" and t[1] == "a" and t.x == "b" and t[3] == "d")
t[wait("y")], t[wait("z")] = wait(1, 2)
assert(t.y == 1 and t.z == 2)
assert(note("a") .. wait(note("b")) .. note("c") == "abc" and noted() == "a,b,c")
assert(wait(nil) == nil and (wait(false) or wait("or")) == "or" and (wait(1) and wait("and")) == "and")

-- Loops
local sum = 0
for i = wait(1), wait(3), wait(1) do sum = sum + wait(i) end
assert(sum == 6)
local count = 0
while wait(count < 3) do count = count + 1 end
assert(count == 3)
repeat local done = wait(count == 5) count = count + 1 until wait(done)
assert(count == 6)
local closures = {}
for i = 1, 3 do wait() closures[i] = function() return wait(i) end end
assert(closures[1]() == 1 and closures[2]() == 2 and closures[3]() == 3)

-- Varargs, methods, tail calls, recursion
local function pass(...) wait() return ... end
assert(select("#", pass(1, nil, nil)) == 3)
local object = {n = 1}
function object:add(x) self.n = wait(self.n) + x return self end
assert(object:add(2):add(3).n == 6)
local function countdown(n) if n == 0 then return wait("done") end return countdown(n - 1) end
assert(countdown(200) == "done")
local function fib(n) if n < 2 then return wait(n) end return fib(n - 1) + fib(n - 2) end
assert(fib(8) == 21)

-- pcall and xpcall
assert(pcall(wait))
assert(select(2, pcall(wait, 5)) == 5)
assert(select("#", pcall(wait, 1, nil, nil)) == 4)
local ok, message = pcall(fail, "broken")
assert(not ok and message == "broken", message)
ok, message = pcall(function() wait() local x = nil; return x.y end)
assert(not ok and message:find("attempt to index local 'x' %(a nil value%)$"), message)
ok, message = pcall(function() local ok, inner = pcall(fail, "inner") wait() error(inner .. "!", 0) end)
assert(not ok and message == "inner!")
assert(select(2, xpcall(function() return wait("x") end, error)) == "x")
ok, message = xpcall(function() wait() error("e", 0) end, function(m) return wait(m .. " handled") end)
assert(not ok and message == "e handled")
ok, message = xpcall(function() wait() error("e", 0) end, function() wait() error("again") end)
assert(not ok and message == "error in error handling")
ok, message = xpcall(function() wait() error("traced") end, debug.traceback)
assert(message:find("traced\nstack traceback:\n", 1, true), message)

-- Iterators
local function iterate(list)
  local i = 0
  return function() i = i + 1 wait() return list[i], i end
end
local joined = ""
for value, at in iterate{"p", "q", "r"} do joined = joined .. value .. at end
assert(joined == "p1q2r3")
for k, v in pairs(wait{a = 1}) do assert(k == "a" and v == 1) wait() end
for i, v in ipairs{wait(4), wait(5)} do assert(wait(v) == i + 3) end
for word in ("a b"):gmatch("%a") do note(wait(word)) end
assert(noted() == "a,b")

-- Every metamethod
local mt = {}
for _, event in ipairs{"add", "sub", "mul", "div", "mod", "pow", "unm", "concat"} do
  mt["__" .. event] = function() return wait(event, "dropped") end
end
mt.__index = function(_, key) return wait("index " .. key, "dropped") end
mt.__newindex = function(self, key, value) rawset(self, wait(key) .. "!", wait(value)) end
mt.__call = function(_, ...) return wait(...) end
mt.__tostring = function() return wait("shown") end
mt.__eq = function() return wait("equal") end
mt.__lt = function() return wait(1) end
mt.__le = function() return wait(nil) end
mt.__len = function() return wait(7) end
local a, b = setmetatable({}, mt), setmetatable({}, mt)
assert(a + 1 == "add" and 1 - a == "sub" and a * a == "mul" and a / 2 == "div")
assert(a % 2 == "mod" and a ^ 2 == "pow" and -a == "unm" and a .. "x" == "concat" and "x" .. a .. "y" == "xconcat")
assert(a.field == "index field" and a[wait("k")] == "index k")
a.key = "value"
assert(rawget(a, "key!") == "value")
a[wait("other")] = wait("thing")
assert(rawget(a, "other!") == "thing")
assert(a(1, 2) == 1 and select("#", a(1, nil)) == 2)
assert(tostring(a) == "shown")
assert((a == b) == true and (a ~= b) == false)
assert((a < b) == true and (a > b) == true and (a <= b) == false and (a >= b) == false)
assert(setmetatable({}, {__index = a}).deep == "index deep")
local le = setmetatable({}, {__lt = function() return wait(false) end})
assert(le <= setmetatable({}, getmetatable(le)))

-- Library functions that call back
assert(("hello"):gsub("l", function(c) return wait(c:upper()) end) == "heLLo")
assert(select(2, ("abc"):gsub("%a", function() wait() end)) == 3)
assert(("$a $b"):gsub("%$(%a)", setmetatable({}, {__index = function(_, k) return wait(k .. k) end})) == "aa bb")
local list = {3, 1, 2, 5, 4, 9, 7, 8, 6}
table.sort(list, function(x, y) return wait(x < y) end)
assert(table.concat(list) == "123456789")
ok, message = pcall(table.sort, {3, 1, 2}, function() fail("in sort") end)
assert(not ok and message == "in sort", message)
ok, message = pcall(string.gsub, "x", "x", function() fail("in gsub") end)
assert(not ok and message == "in gsub", message)
table.foreach({1}, function(k, v) assert(wait(k) == v) end)
assert(table.foreachi({5, 6}, function(i, v) if i == 2 then return wait(v) end end) == 6)

-- Coroutines: waits pass through, yields do not
local co = coroutine.create(function(x)
  x = wait(x) + 1
  local y = coroutine.yield(wait(x))
  return wait(y) * 2
end)
ok, message = coroutine.resume(co, 1)
assert(ok and message == 2 and coroutine.status(co) == "suspended")
ok, message = coroutine.resume(co, 21)
assert(ok and message == 42 and coroutine.status(co) == "dead")
local numbers = coroutine.wrap(function() for i = 1, 3 do wait() coroutine.yield(i) end end)
for n in numbers do note(tostring(n)) end
assert(noted() == "1,2,3")
local outer = coroutine.wrap(function()
  local inner = coroutine.wrap(function() wait() coroutine.yield("inner") return wait("end") end)
  coroutine.yield(inner() .. wait("+"))
  coroutine.yield(inner())
end)
assert(outer() == "inner+" and outer() == "end")
co = coroutine.create(function() fail("in coroutine") end)
ok, message = coroutine.resume(co)
assert(not ok and message == "in coroutine" and coroutine.status(co) == "dead")
assert(coroutine.running() == nil)
co = coroutine.create(function() wait() return coroutine.running(), coroutine.status(co) end)
local _, self, status = coroutine.resume(co)
assert(self == co and status == "running")

-- Code made at run time, and modules
assert(loadstring("return wait(...)")(11) == 11)
assert(loadstring("local f = function(x) return wait(x) end return f(...) + f(1)")(4) == 5)
local parts = {"return ", "wait(", "13)"}
assert(load(function() return wait(table.remove(parts, 1)) end)() == 13)
local reader, why = load(function() fail("in reader") end)
assert(reader == nil and why:find("^in reader"))
package.preload["waits.at.top"] = function(name) wait() return {name = wait(name)} end
assert(require("waits.at.top").name == "waits.at.top" and require("waits.at.top") == package.loaded["waits.at.top"])
package.preload["fails.at.top"] = function() fail("in module") end
assert(select(2, pcall(require, "fails.at.top")) == "in module")

-- Callbacks that are handed around
local function map(items, f) local out = {} for i, v in ipairs(items) do out[i] = f(v) end return out end
assert(table.concat(map({1, 2}, function(v) return v * 2 end)) == "24")
assert(table.concat(map({1, 2}, function(v) return wait(v) * 3 end)) == "36")
local handlers = {plain = function(x) return x end, waits = function(x) return wait(x) end}
for _, name in ipairs{"plain", "waits"} do assert(handlers[name](name) == name) end
local function compose(f, g) return function(...) return f(g(...)) end end
assert(compose(wait, handlers.waits)(1) == 1)
assert(unpack({wait(1), wait(2)}, wait(2)) == 2)

-- print asks tostring, which may be replaced by one that waits
local printed = tostring
tostring = function(v) return wait(printed(v)) end
print(1, nil)
tostring = printed
