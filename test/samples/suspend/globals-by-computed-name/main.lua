-- Any global may be meant, load among them: from here on everything that is not a known local may be unknown code.
local function known(x) return x + 1 end
local function through_name(name) return _G[name]("k") end
local function direct(x) return known(x) end
local function global(x) return tostring(x) end
