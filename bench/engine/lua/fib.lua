-- Recursive calls of a known local function, and of a global one.
local function fib(n) if n < 2 then return n end return fib(n - 1) + fib(n - 2) end
function gfib(n) if n < 2 then return n end return gfib(n - 1) + gfib(n - 2) end
return function() return fib(27) + gfib(25) end
