-- setfenv, getfenv, module, load and require (Lua 5.1 manual 5.1 and 5.3).
local function names(t) local n = {} for k in pairs(t) do n[#n + 1] = k end table.sort(n) return table.concat(n, ",") end

-- Functions have environments of their own
assert(getfenv() == _G and getfenv(1) == _G and getfenv(0) == _G and getfenv(print) == _G)
local env = {}
local function writes() made = 1 return made end
assert(setfenv(writes, env) == writes and getfenv(writes) == env)
assert(writes() == 1 and env.made == 1 and made == nil)
local function own(setfenv, t) setfenv(1, setmetatable(t, {__index = getfenv()})) inside = true return outside end
assert(own(setfenv, {outside = 7}) == 7 and inside == nil)
local function make() return function() return tag end end
local before = make()
setfenv(make, {tag = "made here"})
local after = make()
tag = "global"
assert(before() == "global" and after() == "made here")
setfenv(after, {tag = "changed"})
assert(after() == "changed" and before() == "global" and make()() == "made here")
tag = nil
local proxy = setmetatable({}, {__index = _G, __newindex = function(t, k, v) rawset(t, k, {v}) end})
setfenv(function() x = tostring(1) end, proxy)()
assert(proxy.x[1] == "1" and x == nil)
assert(not pcall(setfenv, print, {}) and not pcall(getfenv, 100) and not pcall(getfenv, -1) and not pcall(setfenv, 1, nil))

-- Code made at run time
assert(loadstring("return 1, 2")() == 1 and select("#", loadstring("return ...")(1, nil)) == 2)
local f, why = loadstring("return +")
assert(f == nil and why == [[[string "return +"]:1: unexpected symbol near '+']], why)
f, why = loadstring("x =", "=name")
assert(f == nil and why == "name:1: unexpected symbol near '<eof>'", why)
f, why = loadstring("\n\nx = = 2", "@file.lua")
assert(f == nil and why == "file.lua:3: unexpected symbol near '='", why)
assert(select(2, pcall(loadstring("error('e')", "=chunk"))) == "chunk:1: e")
assert(select(2, pcall(loadstring("local t\nreturn t.x", "=chunk"))) == "chunk:2: attempt to index local 't' (a nil value)")
local chunk = loadstring("counter = (counter or 0) + 1 return counter")
assert(chunk() == 1 and chunk() == 2 and counter == 2)
local sandbox = {counter = 10}
setfenv(chunk, sandbox)
assert(chunk() == 11 and counter == 2 and sandbox.counter == 11)
assert(loadstring("return counter")() == 2)
counter = nil
local pieces, at = {"return ", "1 ", "+ 2", ""}, 0
assert(load(function() at = at + 1 return pieces[at] end)() == 3)
at = 0
f, why = load(function() at = at + 1 return ({"return", "("})[at] end, "=load")
assert(f == nil and why:find("^load:1:"))
assert(load(function() return nil end)() == nil)
f, why = load(function() return {} end)
assert(f == nil and why:find("reader function must return a string"))
assert(not pcall(loadstring) and not pcall(load, "text"))
f, why = loadfile("no/such/file.lua")
assert(f == nil and why == "cannot open no/such/file.lua: No such file or directory", why)
assert(select(2, pcall(dofile, "no/such/file.lua")) == why)
local nested = loadstring("return loadstring('return function(n) return n * 2 end')()")()
assert(nested(21) == 42)

-- require
local calls = 0
package.preload["a.b"] = function(...) calls = calls + 1 assert(select("#", ...) == 1 and (...) == "a.b") return {v = 1} end
assert(require("a.b").v == 1 and require("a.b") == package.loaded["a.b"] and calls == 1)
package.loaded["a.b"] = nil
assert(require("a.b").v == 1 and calls == 2)
package.preload.nothing = function() end
assert(require("nothing") == true)
package.preload.no = function() return false end
assert(require("no") == false)
package.preload.sets = function(name) package.loaded[name] = "set" end
assert(require("sets") == "set")
package.preload.loops = function() return require("loops") end
assert(select(2, pcall(require, "loops")):find("loop or previous error loading module 'loops'", 1, true))
package.preload.fails = function() error("reason", 0) end
assert(select(2, pcall(require, "fails")) == "reason")
assert(select(2, pcall(require, "fails")) == "loop or previous error loading module 'fails'")
local missing = select(2, pcall(require, "no.such"))
assert(missing:find("^module 'no.such' not found:\n\tno field package.preload%['no.such'%]\n\tno file '"), missing)
table.insert(package.loaders, 2, function(name) if name == "made.up" then return function(n) return n .. "!" end end return "\n\ttried" end)
assert(require("made.up") == "made.up!")
assert(select(2, pcall(require, "no.such")):find("\n\ttried\n", 1, true))
table.remove(package.loaders, 2)
local path = package.path
package.path = "./?.nothing;?/x"
assert(select(2, pcall(require, "p.q")):find("\n\tno file './p/q.nothing'\n\tno file 'p/q/x'", 1, true))
package.path = path

-- module
package.preload["deep.mod"] = function(...)
  module(..., package.seeall)
  function twice(x) return x * factor end
  factor = 2
end
local mod = require("deep.mod")
assert(mod.twice(4) == 8 and mod._NAME == "deep.mod" and mod._PACKAGE == "deep." and mod._M == mod and deep.mod == mod)
assert(twice == nil and factor == nil)
mod.factor = 3
assert(mod.twice(4) == 12)
deep = nil

-- Every environment has its own library tables; changing them is seen by all code of this one
string.shout = function(s) return s:upper() .. "!" end
assert(("hey"):shout() == "HEY!" and loadstring("return ('x'):shout()")() == "X!")
string.shout = nil
assert(names(package.loaded):find("string") and package.loaded._G == _G and package.loaded.string == string)

-- Level 0 is the globals of the thread: of code it loads, not of code that runs
local own = {assert = assert}
local thread = coroutine.create(function()
  assert(setfenv(0, own) == nil and getfenv(0) == own and getfenv(1) == _G and getfenv(print) == own)
  assert(getfenv(loadstring("")) == own and debug.getfenv(coroutine.create(function() end)) == own)
  loadstring("made = 1")()
  coroutine.yield()
  assert(getfenv(0) == own)
end)
assert(coroutine.resume(thread))
assert(own.made == 1 and made == nil and getfenv(0) == _G and getfenv(loadstring("")) == _G)
assert(debug.getfenv(thread) == own and debug.getfenv(1) == nil)
local replaced = coroutine.create(function() return loadstring("return it")() end)
assert(debug.setfenv(replaced, {it = "here"}) == replaced)
assert(select(2, coroutine.resume(replaced)) == "here" and coroutine.resume(thread))

-- Levels: the activations that are running, library functions included; outermost is the host
local function of_level(level) return (getfenv(level)) end
local function set_level(level, t) return setfenv(level, t) end
local some = {of_level = of_level, pcall = pcall}
local reads = setfenv(function(level) return (of_level(level)) end, some)
assert(reads(1) == _G and reads(2) == some and reads(3) == _G)
local protected = setfenv(function(level) local _, found = pcall(of_level, level) return found end, some)
assert(protected(1) == _G and protected(2) == _G and protected(3) == some)
do
  local outer
  local function inner() assert(set_level(3, {a = "own", assert = assert, getfenv = getfenv}) == outer) end
  outer = function() inner() assert(getfenv(1).a == "own") return a end
  assert(outer() == "own" and getfenv(outer).a == "own" and a == nil)
  local function maker() return setmetatable({}, {__index = getfenv(1)}) end
  local function after() setfenv(1, maker()) inside = 1 return inside end
  assert(after() == 1 and rawget(_G, "inside") == nil and getfenv(maker) == _G)
end
local function lost(level) return of_level(level) end
assert(select(2, pcall(lost, 2)):find(": no function environment for tail call at level 2$"))
assert(select(2, pcall(set_level, 2, {})):find("'setfenv' cannot change environment of given object", 1, true))
local adds = {object = setmetatable({}, {__add = function(_, level) return getfenv(level) end})}
assert(setfenv(function(level) return object + level end, adds)(1) == _G)
assert(coroutine.wrap(function() return pcall(getfenv, 1), pcall(getfenv, 2), not pcall(getfenv, 3) end)())
assert(loadstring("local f = ... return function() f() return x end")(function() setfenv(2, {x = 5}) end)() == 5)
assert(debug.traceback("m", 50) == "m\nstack traceback:" and debug.getinfo(50) == nil)
