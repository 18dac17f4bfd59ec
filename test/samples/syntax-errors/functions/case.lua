----
function f
----
function f(
----
function f(a
----
function f(a,
----
function f(1)
----
function f(a, ...b)
----
function f(..., a) end
----
function a.b:c.d() end
----
function t[1]() end
----
local function a.b() end
----
function f() return ... end
----
function f() local g = function() return 1
----
local t = {} t.end = 1
