----
local f = function() return f() end
----
local f local f = function() return f() end
----
local function f() return f() end
----
local print = function(...) print(...) end
