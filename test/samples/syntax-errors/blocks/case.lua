----
if x
----
if x then

print(1)
----
if x then elseif end
----
if x then else elseif y then end
----
while x
----
for
----
for i
----
for i =
----
for i = 1
----
for i = 1, 2
----
for i, j = 1, 2 do end
----
for 1 = 1, 2 do end
----
for a.b = 1, 2 do end
----
for k, v of t do end
----
repeat x()

----
do
  do
  end

----
break
----
do break end
----
while true do local function f() break end end
----
while true do break x = 1 end
