local function newer() return load 'return function (a, b) return a & b end' end
local function protected() return pcall(load, 'return 1') end
function calls_global(x) return tostring(x) end
return newer, protected
