----
x y
----
x = 
----
= 1
----
x = = 2
----
local 1
----
local x y
----
return 1 2
----
return return
----
return 1; return 2
----
x
----
x + 1
----
x += 1
----
continue
----
f() = 1
----
(x) = 1
----
(x)
----
x, f() = 1, 2
----
"abc" = 1
----
x:y
----
x:y = 1
----
a.b:c = 1
----
x.1 = 3
----
local x <const> = 1
----
goto
----
x = 5 5
----
end
----
else
----
x = 1 }
