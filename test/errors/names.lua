--# index a nil local
local t
print(t.x)
--# index a nil global
print(conf.x)
--# index a nil upvalue
local t
local function f() return (t.x) end
f()
--# index a nil field
local t = {}
print(t.a.b)
--# index a nil field of a global
g = {}
print(g.a.b)
--# index a nil result
local function f() end
print(f().x)
--# index a number
local n = 5
print(n.x)
--# index a boolean constant
print((true).x)
--# index a field whose value is a number
local t = { n = 1 }
print(t.n.x)
--# index a field with a computed key
local t, k = {}, "a"
print(t[k].b)
--# index with a numeric key
local t = {}
print(t[1].b)
--# index a function
print(print.x)
--# assign to a field of a nil local
local t
t.x = 1
--# assign to a field of a nil global
conf.x = 1
--# assign to a field of a nil upvalue
local t
local function f() t.x = 1 end
f()
--# assign to a field of a nil field
local t = {}
t.a.b = 1
--# assign to a computed key of nil
local t, k = nil, "a"
t[k] = 1
--# assign in a multiple assignment
local t, u = {}
t.x, u.y = 1, 2
--# a nil key
local t = {}
t[nil] = 1
--# a key that is not a number
local t = {}
t[0 / 0] = 1
--# call a nil global
launch()
--# call a nil local
local f
f()
--# call a nil upvalue
local f
local function g() f() end
g()
--# call a nil field
local t = {}
t.go()
--# call a nil method
local t = {}
t:go()
--# call a nil method of a string
local s = "x"
s:shout()
--# call a method of nil
local t
t:go()
--# call a nil field of a field
local t = { a = {} }
t.a.go()
--# call a nil library function
string.shout("x")
--# call a string
local s = "x"
s()
--# call a number in parentheses
(5)()
--# call a result
local function f() return 1 end
f()()
--# call an element
local t = { 1 }
t[1]()
--# call a parameter
local function apply(f) f() end
apply(nil)
--# call a parameter with arguments
local function apply(f, x) return (f(x)) end
apply({}, 1)
--# call a loop variable
for _, f in ipairs { 1 } do f() end
--# call the result of a concatenation
local a = "x";
(a .. "y")()
--# tail call of nil
local function f() return launch() end
f()
--# tail call of a nil method
local t = {}
local function f() return t:go() end
f()
--# call in a condition
if launch() then print(1) end
--# call as an argument
print(launch(1))
--# call in a table constructor
local t = { launch() }
--# call in a return list
local function f() return 1, launch() end
f()
--# shadowed names are those of the inner scope
local value = {}
do
  local value
  print(value.x)
end
--# a parameter called self
local t = {}
function t:go() return self.parent.name end
t:go()
--# a vararg has no name
local function f(...) return (...).x end
f(nil)
--# names after many locals
local a, b, c, d, e, f, g
print(g.h)
--# a global in a function of a table
local t = { run = function() return missing.x end }
t.run()
--# index through a metatable that leads to nothing
local t = setmetatable({}, { __index = function() return nil end })
print(t.a.b)
--# index chain over tables
local t = setmetatable({}, { __index = setmetatable({}, { __index = {} }) })
print(t.a.b)
--# arithmetic on a nil local
local x
print(x + 1)
--# arithmetic on a nil global
print(1 + total)
--# arithmetic on a nil upvalue
local x
local function f() return x * 2 end
print((f()))
--# arithmetic on a nil field
local t = {}
print(t.n - 1)
--# arithmetic on a string that is no number
local s = "abc"
print(s + 1)
--# arithmetic on a string literal
print("abc" + 1)
--# arithmetic on the second operand
local a, b = 1, {}
print(a / b)
--# arithmetic on two wrong operands
local a, b = {}, nil
print(a % b)
--# power of a boolean
local b = true
print(2 ^ b)
--# unary minus of a table
local t = {}
print(-t)
--# unary minus of a string
print(-"x")
--# unary minus of a nil field
local t = {}
print(-t.n)
--# arithmetic on a result
local function f() return "x" end
print(f() + 1)
--# arithmetic on a method result
local s = "x"
print(s:upper() * 2)
--# arithmetic in a chain
local a, b = 1, 2
print(a + b + c)
--# increment of a nil field
local t = {}
t.n = t.n + 1
--# increment of a nil global
count = count + 1
--# increment of an upvalue in a closure
local n
local function next_id() n = n + 1 return n end
next_id()
--# concatenate nil
local name
print("hello " .. name)
--# concatenate a nil global
print("hello " .. who)
--# concatenate a nil field
local t = {}
print("hello " .. t.name .. "!")
--# concatenate a table
local t = {}
print(t .. "x")
--# concatenate a boolean
print("x" .. true)
--# concatenate a function at the end
print("a" .. "b" .. print)
--# concatenate an upvalue
local name
local function f() return "hello " .. name end
f()
--# concatenate in the middle of many
local a, b, c = "x", nil, "z"
print(a .. b .. c)
--# concatenate a number and nil
local x
print(1 .. x)
--# length of nil
local t
print(#t)
--# length of a nil global
print(#list)
--# length of a nil field
local t = {}
print(#t.items)
--# length of a number
print(#5)
--# length of an upvalue
local t
local function f() return #t end
f()
--# compare a number with nil
local x
print(1 < x)
--# compare nil with a number
print(x > 1)
--# compare a number with a string
print(1 < "2")
--# compare two tables
print({} < {})
--# compare two nils
local a, b
print(a <= b)
--# compare a table with a number
local t = {}
print(t >= 1)
--# compare two booleans
print(true < false)
--# compare functions
print(print > type)
--# compare in a condition
local age
if age > 18 then print(1) end
--# compare in a loop
local i, n = 0
while i < n do i = i + 1 end
--# initial value of a loop
for i = "a", 2 do print(i) end
--# limit of a loop
local n
for i = 1, n do print(i) end
--# step of a loop
for i = 1, 2, {} do print(i) end
--# a loop over nil
for k in nil do print(k) end
--# a loop over a table
local t = {}
for k in t do print(k) end
--# pairs of nil
local t
for k, v in pairs(t) do print(k, v) end
--# ipairs of nothing
for k, v in ipairs() do print(k, v) end
