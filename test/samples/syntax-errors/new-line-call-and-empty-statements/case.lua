----
f
(g)()
----
f()
(g)()
----
local t = f
{1}
"x"
----
;;; x = 1;;
----
x = 1; ; y = 2
---- strict51
f
(g)()
---- strict51
x = 1; ; y = 2
---- strict51
;
---- strict51
goto done
---- strict51
::a::
---- strict51
x = [[ a [[ b ]]
----
x = [[ a [[ b ]]
