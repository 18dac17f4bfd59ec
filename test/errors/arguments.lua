--# a global function
tonumber()
--# a library function
string.rep()
--# the second argument
string.rep("x", {})
--# a string that is no number
string.rep("x", "y")
--# a method of a string
local s = "x"
s:rep({})
--# a method with a wrong receiver
string.rep({}, 1)
--# a method called on a table with string functions
local t = setmetatable({}, { __index = string })
t:rep(2)
--# a local alias
local insert = table.insert
insert(nil, 1)
--# an upvalue alias
local insert = table.insert
local function f() insert(nil, 1) end
f()
--# a global alias
rep = string.rep
rep()
--# a field alias
local t = { go = string.rep }
t.go()
--# a method alias
local t = { go = string.rep }
t:go(2)
--# a computed name
local name = "rep"
string[name]()
--# called by pcall
print(pcall(string.rep))
--# called by pcall with arguments
print(pcall(string.rep, "x", {}))
--# a tail call
local function f() return string.rep() end
f()
--# called by another library function
table.sort({ 3, 2, 1 }, string.rep)
--# setmetatable without a table
setmetatable(1, {})
--# setmetatable with a wrong metatable
setmetatable({}, 1)
--# a protected metatable
local t = setmetatable({}, { __metatable = "locked" })
setmetatable(t, {})
--# tonumber with a wrong base
tonumber("10", 99)
--# select with zero
select(0)
--# select far below
print(select(-5, 1, 2))
--# unpack too much
unpack({}, 1, 1e8)
--# concat with a table inside
table.concat({ 1, {}, 3 })
--# concat with a hole
table.concat({ 1, 2 }, ",", 1, 3)
--# insert with too many arguments
table.insert({}, 1, 2, 3)
--# insert with no value
table.insert({})
--# sort with a wrong comparator
table.sort({ 1, 2 }, 5)
--# sort values that do not compare
table.sort({ 1, "x", 2 })
--# next with an unknown key
next({}, "nope")
--# rawset without a value
rawset({}, 1)
--# string.format without arguments
string.format()
--# string.format with a missing argument
string.format("%d")
--# string.format with a wrong argument
string.format("%d", "x")
--# string.format with an unknown verb
string.format("%y", 1)
--# string.format with a long spec
string.format("%1234d", 1)
--# string.char out of range
string.char(256)
--# string.char of a negative number
string.char(1, -1)
--# a malformed pattern: bracket
string.find("x", "[a")
--# a malformed pattern: percent
string.find("x", "%")
--# a malformed pattern: capture
string.find("x", "(a")
--# a malformed pattern: close
string.find("x", "a)")
--# a malformed pattern: balance
string.find("x", "%b")
--# a malformed pattern: frontier
string.find("x", "%f")
--# an invalid capture index
string.find("x", "%1")
--# an invalid replacement
string.gsub("x", "x", "%2")
--# a replacement of a wrong kind
string.gsub("x", "x", true)
--# a replacement function that returns a table
string.gsub("x", "x", function() return {} end)
--# a replacement table with a table
string.gsub("x", "x", { x = {} })
--# gmatch without a pattern
string.gmatch("x")
--# math.floor of nothing
math.floor()
--# math.floor of a string
math.floor("x")
--# math.random of an empty range
math.random(2, 1)
--# math.random of zero
math.random(0)
--# math.random with three arguments
math.random(1, 2, 3)
--# os.time without a day
os.time({ year = 2020, month = 1 })
--# os.time of a number
os.time(5)
--# os.date with a wrong argument
os.date({})
--# io.open with a wrong mode type
io.open("x", {})
--# io.lines of a missing file
for l in io.lines("/no/such/file") do print(l) end
--# a closed file
local f = io.tmpfile()
f:close()
f:read()
--# a wrong read format
local f = io.tmpfile()
f:read("*z")
--# coroutine.create of a table
coroutine.create({})
--# coroutine.resume of a function
coroutine.resume(print)
--# coroutine.wrap of nothing
coroutine.wrap()
--# yield outside a coroutine
coroutine.yield(1)
--# a dead wrapped coroutine
local f = coroutine.wrap(function() end)
f()
f()
--# resume of a dead coroutine
local co = coroutine.create(function() end)
coroutine.resume(co)
print(coroutine.resume(co))
--# resume of the running coroutine
local co
co = coroutine.wrap(function() print(pcall(co)) end)
co()
--# require of a missing module
print((select(2, pcall(require, "no.such.module")):gsub("\n.*", "")))
--# loadstring of a table
loadstring({})
--# load with a reader that returns a table
print(pcall(load, function() return {} end))
--# assert without arguments
assert()
--# assert with a message
assert(false, "not good")
--# assert without a message
assert(nil)
--# getfenv of a wrong level
getfenv(99)
--# setfenv of a library function
setfenv(print, {})
--# setfenv without a table
setfenv(1, nil)
--# newproxy with a string
newproxy("x")
--# xpcall without a handler
xpcall(print)
--# collectgarbage with an unknown option
collectgarbage("polish")
--# debug.getinfo with a wrong option
debug.getinfo(1, "X")
--# debug.getinfo of a table
debug.getinfo({})
--# type of nothing
type()
--# rawequal of one value
rawequal(1)
--# tostring of nothing
tostring()
--# a __tostring that returns a number of another kind
tostring(setmetatable({}, { __tostring = function() return {} end }))
