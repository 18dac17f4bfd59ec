----
goto done
----
goto done ::done::
----
do goto e local x ::e:: print(x) end
----
do goto e local x ::e:: ; ::f:: end
----
::a:: ::a::
----
::a:: do ::a:: end
----
repeat if x then goto c end local y = 1 ::c:: until z
----
repeat if x then goto c end local y = 1 ::c:: until y
----
while true do local function f() goto c end ::c:: end
----
do ::a:: end goto a
----
::a
----
::1::
----
goto = 1 goto.x = 2 goto()
----
x = goto y = 1
----
while x do goto continue local y ::continue:: end
----
do
  goto missing
end
