-- debug.traceback and debug.getinfo: Lua frames with Lua names and lines.
local function trace(...) return debug.traceback(...) end
local function lines(text) local out = {} for line in text:gmatch("[^\n]+") do out[#out + 1] = line end return out end

local function f() local t = debug.traceback("m") return t end
local function g() local t = f() return t end
local l = lines(g())
assert(l[1] == "m" and l[2] == "stack traceback:")
assert(l[3] == "\ttracebacks.lua:5: in function 'f'", l[3])
assert(l[4] == "\ttracebacks.lua:6: in function 'g'", l[4])
assert(l[5] == "\ttracebacks.lua:7: in main chunk", l[5])
assert(l[#l] == "\t[C]: ?")

-- Messages that are no strings come back unchanged
local object = {}
assert(debug.traceback(object) == object and debug.traceback(nil) == nil and debug.traceback(7):find("^7\nstack"))
assert(lines((debug.traceback()))[1] == "stack traceback:")

-- Names as the caller uses them
local m = {}
function m:method() local t = debug.traceback() return t end
function m.field() local t = m:method() return t end
function global_function() local t = m.field() return t end
l = lines(global_function())
assert(l[2] == "\ttracebacks.lua:21: in function 'method'", l[2])
assert(l[3] == "\ttracebacks.lua:22: in function 'field'", l[3])
assert(l[4] == "\ttracebacks.lua:23: in function 'global_function'", l[4])
global_function = nil
local function call(callback) local t = callback() return t end
l = lines(call(function() local t = debug.traceback() return t end))
assert(l[2] == "\ttracebacks.lua:30: in function 'callback'", l[2])

-- Builtins in between, functions they call have no name
l = lines((select(2, pcall(function() local t = debug.traceback() return t end))))
assert(l[2] == "\ttracebacks.lua:34: in function <tracebacks.lua:34>", l[2])
assert(l[3] == "\t[C]: in function 'pcall'", l[3])
local collected
table.sort({1, 2}, function(a, b) collected = debug.traceback() return a < b end)
l = lines(collected)
assert(l[2] == "\ttracebacks.lua:38: in function <tracebacks.lua:38>" and l[3] == "\t[C]: in function 'sort'", l[3])

-- Tail calls lose their frame
local function tail() return trace() end
l = lines((tail()))
assert(l[2] == "\t[C]: in function 'traceback'" or l[2]:find("in function <tracebacks.lua:2>", 1, true), l[2])

-- The handler of xpcall sees the stack of the error
local function fails() local x = nil; local y = x.field return y end
l = lines(select(2, xpcall(fails, debug.traceback)))
assert(l[1] == "tracebacks.lua:48: attempt to index local 'x' (a nil value)", l[1])
assert(l[3] == "\ttracebacks.lua:48: in function <tracebacks.lua:48>", l[3])
assert(l[4] == "\t[C]: in function 'xpcall'")
l = lines(select(2, xpcall(function() error("e") end, function(e) return debug.traceback(e, 2) end)))
assert(l[1] == "tracebacks.lua:53: e" and l[3] == "\t[C]: in function 'error'" and l[4]:find("tracebacks.lua:53: in function <", 1, true), l[3])

-- Coroutines
local co = coroutine.create(function() local function inner() coroutine.yield() error("dead") end inner() end)
assert(debug.traceback(co) == "stack traceback:")
coroutine.resume(co)
assert(debug.traceback(co) == "stack traceback:\n\t[C]: in function 'yield'\n\ttracebacks.lua:57: in function 'inner'\n\ttracebacks.lua:57: in function <tracebacks.lua:57>")
coroutine.resume(co)
assert(debug.traceback(co, "m"):find("^m\nstack traceback:\n\t%[C%]: in function 'error'\n\ttracebacks.lua:57: in function 'inner'"))
l = lines(coroutine.wrap(function() local t = debug.traceback() return t end)())
assert(#l == 2 and l[2] == "\ttracebacks.lua:63: in function <tracebacks.lua:63>", l[2])

-- No JavaScript shows anywhere
local all = table.concat({debug.traceback(), select(2, xpcall(fails, debug.traceback)), tostring(select(2, pcall(error)))}, "\n")
for _, word in ipairs{"%.ts", "%.js", "node:", "file:", "anonymous", "undefined", "Object", "%$"} do assert(not all:find(word), word) end

-- getinfo
local info = debug.getinfo(1, "nSl")
assert(info.what == "main" and info.short_src == "tracebacks.lua" and info.source == "@tracebacks.lua" and info.currentline == 71)
local function named() return (debug.getinfo(1, "nSl")) end
info = named()
assert(info.name == "named" and info.namewhat == "local" and info.what == "Lua", info.name)
assert(info.currentline == 73 and info.linedefined == 73 and info.lastlinedefined == 73)
info = debug.getinfo(print)
assert(info.what == "C" and info.short_src == "[C]" and info.currentline == -1 and info.func == print)
info = debug.getinfo(named)
assert(info.what == "Lua" and info.linedefined == 73 and info.short_src == "tracebacks.lua" and info.func == named)
assert(debug.getinfo(100) == nil and not pcall(debug.getinfo, "x") and not pcall(debug.getinfo, 1, "?"))
assert(debug.getinfo(0, "n").name == "getinfo")

-- Levels that do not exist
assert(select(2, pcall(debug.getlocal, 50, 1)):find("level out of range", 1, true) and debug.getinfo(50) == nil)
