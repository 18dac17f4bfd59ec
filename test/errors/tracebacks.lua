--# the main chunk
error("x")
--# a global function
function launch() error("x") end
launch()
--# a local function
local function launch() error("x") end
launch()
--# an upvalue function
local function inner() error("x") end
local function outer() inner() end
outer()
--# a field function
local t = {}
function t.launch() error("x") end
t.launch()
--# a method
local t = {}
function t:launch() error("x") end
t:launch()
--# a function in a field of a field
local t = { a = {} }
function t.a.go() error("x") end
t.a.go()
--# a function in an array
local t = { function() error("x") end }
t[1]()
--# a function expression
(function() error("x") end)()
--# a function that a call returns
local function make() return function() error("x") end end
make()()
--# a parameter
local function apply(f) f() end
apply(function() error("x") end)
--# a tail call
local function f() error("x") end
local function g() return f() end
g()
--# two tail calls
local function f() error("x") end
local function g() return f() end
local function h() return g() end
h()
--# a tail call of a library function
local function f() return error("x") end
f()
--# recursion
local function down(n) if n == 0 then error("x") end down(n - 1) end
down(3)
--# deep recursion
local function down(n) if n == 0 then error("x") end down(n - 1) end
down(40)
--# mutual recursion
local even, odd
function even(n) if n == 0 then error("x") end odd(n - 1) end
function odd(n) even(n - 1) end
even(4)
--# through pcall
local function f() error("x") end
pcall(f)
local ok, e = pcall(f)
error(e, 0)
--# inside of pcall by a handler
print(xpcall(function() error("x") end, debug.traceback))
--# inside of a nested xpcall
local function f() error("x") end
print(xpcall(function() print(pcall(f)) f() end, debug.traceback))
--# through a comparator
table.sort({ 2, 1 }, function(a, b) error("x") end)
--# through gsub
string.gsub("abc", "b", function(c) error("x" .. c) end)
--# through an iterator
local function each() return function() error("x") end end
for v in each() do print(v) end
--# through __index
local t = setmetatable({}, { __index = function() error("x") end })
print(t.a)
--# through __newindex
local t = setmetatable({}, { __newindex = function() error("x") end })
t.a = 1
--# through __add
local t = setmetatable({}, { __add = function() error("x") end })
print(t + 1)
--# through __call
local t = setmetatable({}, { __call = function() error("x") end })
t()
--# through __concat
local t = setmetatable({}, { __concat = function() error("x") end })
print(t .. "a")
--# through __eq
local mt = { __eq = function() error("x") end }
print(setmetatable({}, mt) == setmetatable({}, mt))
--# through __lt
local mt = { __lt = function() error("x") end }
print(setmetatable({}, mt) < setmetatable({}, mt))
--# through tostring
local t = setmetatable({}, { __tostring = function() error("x") end })
print(tostring(t))
--# through dofile made of loadstring
local f = loadstring("local function g() error('x') end\ng()", "=made")
f()
--# debug.traceback in the main chunk
print(debug.traceback())
--# debug.traceback with a message
local function f() print(debug.traceback("here")) end
f()
--# debug.traceback with a level
local function f() print(debug.traceback("here", 2)) end
local function g() f() end
g()
--# debug.traceback with level zero
local function f() print(debug.traceback("here", 0)) end
f()
--# debug.traceback of no text
print(debug.traceback({}) ~= nil, debug.traceback(nil))
--# debug.traceback of a suspended coroutine
local co = coroutine.create(function() local function inner() coroutine.yield() end inner() end)
coroutine.resume(co)
print(debug.traceback(co))
print(debug.traceback(co, "message"))
--# debug.traceback of a failed coroutine
local co = coroutine.create(function() local function inner() error("x") end inner() end)
print(coroutine.resume(co))
print(debug.traceback(co))
--# debug.traceback of a fresh coroutine
print(debug.traceback(coroutine.create(function() end)))
--# debug.traceback inside of a coroutine
coroutine.wrap(function() print(debug.traceback("in")) end)()
--# debug.traceback through library functions
string.gsub("x", "x", function() print(debug.traceback("in")) end)
--# debug.traceback in a tail called function
local function f() print(debug.traceback("in")) end
local function g() return f() end
g()
--# a wrong argument
local function f() string.rep() end
f()
--# a wrong operand in a function
local function add(a, b) return a + b end
print((add(1, nil)))
--# a function defined on several lines
local function f(
  a
)
  error("x")
end
f(
  1
)
--# a function called through a condition
local function ready() error("x") end
if ready() then print(1) end
--# a function called in an argument
local function value() error("x") end
print(value())
--# a function called in a constructor
local function value() error("x") end
local t = { a = value() }
--# a function called in a numeric loop
local function limit() error("x") end
for i = 1, limit() do print(i) end
--# a function called in a return list
local function value() error("x") end
local function f() return 1, value() end
f()
--# nested closures
local function a()
  local function b()
    local function c()
      error("x")
    end
    c()
  end
  b()
end
a()
--# a method that calls a method
local Account = {}
Account.__index = Account
function Account:check(n) if n > self.balance then error("insufficient funds", 2) end end
function Account:withdraw(n)
  self:check(n)
end
setmetatable({ balance = 1 }, Account):withdraw(5)
--# an inherited method
local Base = {}
Base.__index = Base
function Base:go() error("x") end
local Derived = setmetatable({}, Base)
Derived.__index = Derived
local d = setmetatable({}, Derived)
d:go()
--# a global table of functions
app = { hooks = {} }
function app.hooks.before() error("x") end
function app.run() app.hooks.before() end
app.run()
--# deep recursion of 22, 23 and 24 levels
local function down(n) if n > 1 then down(n - 1) return end print(debug.traceback("deep")) end
down(19)
down(20)
down(21)
down(22)
down(23)
--# deep recursion seen from further out
local function down(n) if n > 1 then down(n - 1) return end print(debug.traceback("deep", 5)) print(debug.traceback("deep", 14)) end
down(40)
--# deep recursion in a coroutine
local co = coroutine.create(function() local function down(n) if n > 1 then down(n - 1) return end coroutine.yield() end down(40) end)
coroutine.resume(co)
print(debug.traceback(co))
--# deep recursion of an uncaught error with few levels
local function down(n) if n == 0 then error("x") end down(n - 1) end
down(18)
--# deep recursion of an uncaught error with one level more
local function down(n) if n == 0 then error("x") end down(n - 1) end
down(19)
--# deep recursion handled by debug.traceback
local function down(n) if n == 0 then error("x") end down(n - 1) end
print(xpcall(function() down(40) end, debug.traceback))
