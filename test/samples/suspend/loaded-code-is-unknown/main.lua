local function helper(x) return x + 1 end
local function known(x) return helper(x) end
local function runs(source) return loadstring(source)() end
local function calls_global(x) return tostring(x) end
