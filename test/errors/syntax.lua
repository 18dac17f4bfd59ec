--# an unfinished call
print("x"
--# an unfinished string
print("x)
--# an unfinished string at the end of a line
local s = "abc
print(s)
--# an unfinished long string
local s = [[abc
def
--# an unfinished long comment
--[[ abc
def
--# an unfinished long string with levels
local s = [==[abc]=]
--# a missing end
if true then
  print(1)
--# a missing end of a function
local function f()
  print(1)

print(2)
--# a missing end of a loop
for i = 1, 2 do
  while true do
    print(i)
end
--# a missing until
repeat
  print(1)
--# a missing then
if x print(1) end
--# a missing do
while x print(1) end
--# a missing do of a loop
for i = 1, 2 print(i) end
--# an end too many
print(1)
end
--# an else too many
if a then b() else c() else d() end
--# an equals sign in a condition
if a = 1 then print(1) end
--# a not equal sign of another language
if a != 1 then print(1) end
--# an increment of another language
i++
--# a compound assignment
i += 1
--# an expression as a statement
1 + 2
--# a name as a statement
x
--# a field as a statement
x.y
--# a string as a statement
"x"
--# assignment to a call
f() = 1
--# assignment to a parenthesis
(a) = 1
--# assignment to a literal
5 = x
--# a local with a field
local a.b = 1
--# a local function with a field
local function a.b() end
--# a missing name
local = 1
--# a keyword as a name
local end = 1
--# a keyword as a field
print(t.end)
--# a number that is none
local x = 3x
--# a hexadecimal number that is none
local x = 0xg
--# two dots in a number
local x = 1.2.3
--# an exponent without digits
local x = 1e
--# an unexpected symbol
local x = @
--# an unexpected symbol in an expression
print(1, ,2)
--# an unclosed table
local t = { 1, 2
--# a table with a wrong entry
local t = { a = 1, = 2 }
--# an unclosed bracket
local x = t[1
--# a missing operand
local x = 1 +
--# a missing right parenthesis
local x = (1 + 2
print(x)
--# a break outside of a loop
break
--# code after return
return 1
print(2)
--# code after break
while true do break print(1) end
--# varargs outside of a vararg function
local function f() return ... end
--# varargs not last
local function f(..., a) end
--# a parameter that is none
local function f(a, 1) end
--# a default value of a parameter
local function f(a = 1) end
--# an arrow function
local f = (x) => x
--# a function without a name
function() end
--# a method with a field behind it
function a:b.c() end
--# a missing in
for k, v pairs(t) do end
--# a loop with one bound
for i = 1 do end
--# a loop with four bounds
for i = 1, 2, 3, 4 do end
--# a loop over two names with an equals sign
for a, b = 1, 2 do end
--# an escape that is too large
print("\300")
--# a control character
print(1) 
--# a byte that is no ASCII
local x = é
--# a long string as a name
[[x]] = 1
--# a wrong long bracket
local s = [=x
--# nested functions without end
function a()
  function b()
    if true then
  end
end
--# an error near the end
local t = {
  a = 1
  b = 2
}
--# a missing comma in a call
print("a" "b" 1)
--# an elseif without a condition
if a then elseif then end
--# a comment that hides the end
if a then -- end
--# a colon without a call
local x = a:b
--# a dot without a name
local x = a.
--# unbalanced brackets
print((1)))
--# a number after a name
local x1 = 1 2
--# a return in the middle of a block
do return print(1) end print(2) end
--# messages of loadstring
print(loadstring("x ="))
print(loadstring("x = = 1", "=name"))
print(loadstring("for", "@file.lua"))
print(loadstring("local s = 'abc", "a\nb"))
print(loadstring("x = }", ("long"):rep(30)))
print(loadstring("\n\n\nx = ]"))
print(loadstring("return 'a\\400'"))
--# messages of load
local parts = { "local x = ", "1 ", "+" }
local i = 0
print(load(function() i = i + 1 return parts[i] end, "=parts"))
print(pcall(load, function() error("reader") end))
--# messages of dofile and loadfile
print(loadfile("/no/such/file.lua"))
print(pcall(dofile, "/no/such/file.lua"))
