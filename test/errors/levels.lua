--# level one
error("wrong")
--# level one in a function
local function f() error("wrong") end
f()
--# level two
local function f() error("wrong", 2) end
local function g()
  f()
end
g()
--# level three
local function f() error("wrong", 3) end
local function g() f() end
local function h()
  g()
end
h()
--# level zero
error("wrong", 0)
--# a level beyond the stack
error("wrong", 50)
--# a number as message
error(42)
--# a number as message with a level
local function f() error(42, 2) end
f()
--# a table as message
local ok, e = pcall(error, { code = 1 })
print(ok, type(e), e.code)
--# a table with __tostring as message
print(pcall(error, setmetatable({}, { __tostring = function() return "I am an error" end })))
--# nil as message
print(pcall(error))
--# nil as message with level
print(pcall(error, nil, 2))
--# a boolean as message
print(pcall(error, false))
--# level two across a tail call
local function f() error("wrong", 2) end
local function g() return f() end
g()
--# level two called by pcall
print(pcall(function() error("wrong", 2) end))
--# level two called from the main chunk
local function check(x) if not x then error("x is missing", 2) end end
check(1)
check()
--# caught and thrown again
local ok, e = pcall(error, "first", 0)
error(e .. " and second")
--# caught and thrown again unchanged
local ok, e = pcall(function() error("first") end)
error(e, 0)
--# an error in a handler
print(xpcall(function() error("x") end, function() error("y") end))
--# a handler that changes the message
print(xpcall(function() error("x") end, function(m) return "<" .. m .. ">" end))
--# a handler gets the value
print(xpcall(function() error({}) end, function(v) return type(v) end))
--# an error in a coroutine
print(coroutine.resume(coroutine.create(function() error("inside") end)))
--# an error in a coroutine with level two
print(coroutine.resume(coroutine.create(function() error("inside", 2) end)))
--# an error after a yield
local f = coroutine.wrap(function() coroutine.yield() error("later") end)
f()
print(pcall(f) == false)
--# an error value of a wrapped coroutine
local f = coroutine.wrap(function() error({ code = 7 }) end)
local ok, e = pcall(f)
print(ok, type(e), e.code)
--# an error in an iterator
local function iter() error("no more") end
for x in iter do print(x) end
--# an error in a gsub callback
print(pcall(string.gsub, "x", "x", function() error("callback") end))
--# an error in a comparator
print(pcall(table.sort, { 1, 2 }, function() error("comparator") end))
--# an error in __index
local t = setmetatable({}, { __index = function(_, k) error("no field " .. k, 2) end })
print(pcall(function()
  return t.missing
end))
--# an error in __newindex
local t = setmetatable({}, { __newindex = function(_, k) error("read only: " .. k, 2) end })
print(pcall(function()
  t.x = 1
end))
--# an error in __add
local mt = { __add = function() error("no sum") end }
local a = setmetatable({}, mt)
print(pcall(function() return a + 1 end))
--# an error in __call
local t = setmetatable({}, { __call = function(_, x) error("called with " .. x, 2) end })
print(pcall(function()
  t(5)
end))
--# an error in __tostring
local t = setmetatable({}, { __tostring = function() error("no text") end })
print(pcall(tostring, t))
--# an error in __eq
local mt = { __eq = function() error("not comparable") end }
print(pcall(function() return setmetatable({}, mt) == setmetatable({}, mt) end))
--# an error in __lt
local mt = { __lt = function() error("not ordered", 2) end }
print(pcall(function()
  return setmetatable({}, mt) < setmetatable({}, mt)
end))
--# an error in __concat
local t = setmetatable({}, { __concat = function() error("not text", 2) end })
print(pcall(function()
  return t .. "x"
end))
--# an error in __len of a userdata
local u = newproxy(true)
getmetatable(u).__len = function() error("no length") end
print(pcall(function() return #u end))
--# an error in code made by loadstring
print(pcall(loadstring("local x\nreturn x.y", "=made")))
--# an error in code without a name
print(pcall(loadstring("error('x')")))
--# an error in code of several lines
print(pcall(loadstring("local a = 1\nerror('x')")))
--# an error in code with a file name
print(pcall(loadstring("error('x')", "@some/file.lua")))
--# an error in code with a long name
print(pcall(loadstring("error('x')", "@" .. ("long/"):rep(20) .. "file.lua")))
--# an error in code with a long text
print(pcall(loadstring(("local a = 1 "):rep(20) .. "error('x')")))
--# error is a tail call
local function f() return error("wrong") end
f()
--# error through a local alias
local raise = error
raise("wrong", 1)
--# a position in the middle of a statement
local t = {
  a = 1,
  b = missing.x,
}
--# a position of a call over several lines
launch(
  1,
  2
)
--# a position of a long expression
local a = 1
local b = a
  + a
  + nothing
--# a position of a concatenation over several lines
local s = "a"
  .. "b"
  .. nothing
--# a position of a condition
local x
if x == 1
  and x.y
  or x.z then
  print(1)
end
--# a position in a repeat condition
local i = 0
repeat
  i = i + 1
until i > limit
--# a position in a numeric loop
for i = 1,
  nothing do
  print(i)
end
--# a position in a method chain
local s = "x"
s:upper()
  :lower()
  :shout()
