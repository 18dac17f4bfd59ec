/**
 * A host function that waits may be called at any depth. One test per way to get there: with the host function itself, a
 * function of the program, one made by `load` and one that waits in a coroutine of its own; compiled ahead of time, in
 * either colour, and by `load`.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { errorText, type RunOptions, runLua } from '../run-lua.ts';

/** Definitions of `later`, which gives its arguments back after waiting. */
const WAITING: Readonly<Record<string, string>> = {
  'a host function': 'local later = wait',
  'a function of the program': 'local function later(...) return wait(...) end',
  'a function made by loadstring': 'local later = loadstring("return wait(...)")',
  'a function that waits in a coroutine':
    'local function later(...) return coroutine.wrap(function(...) return wait(...) end)(...) end',
};

/** Each program asserts what it got. */
const PLACES: Readonly<Record<string, string>> = {
  pcall: 'assert(select("#", pcall(later, 1, nil)) == 3 and select(2, pcall(function() return later(5) end)) == 5)',
  'pcall, with an error after the wait':
    'local ok, e = pcall(function() later() error({code = 7}) end) assert(not ok and e.code == 7)',
  'pcall inside pcall':
    'local ok, e = pcall(function() local _, e = pcall(function() later() error("in", 0) end) later() error(e .. "out", 0) end) assert(e == "inout")',
  xpcall: 'local ok, v = xpcall(function() return later("v") end, print) assert(ok and v == "v")',
  'the message handler of xpcall':
    'local ok, m = xpcall(function() error("e", 0) end, function(m) return later(m .. "!") end) assert(not ok and m == "e!")',
  'a stateless iterator':
    'local n = 0 for i, v in function(t, i) later() if i < 3 then return i + 1, i * i end end, {}, 0 do n = n + v end assert(n == 5)',
  'a closure as iterator':
    'local n, i = 0, 0 for v in function() later() i = i + 1 return i < 4 and i or nil end do n = n + v end assert(n == 6)',
  'a callable table as iterator':
    'local n = 0 local it = setmetatable({}, {__call = function(_, s, i) i = i + 1 if later(i) < 4 then return i end end}) for i in it, nil, 0 do n = n + i end assert(n == 6)',
  'the body of a loop over pairs':
    'local n = 0 for _, v in pairs({1, 2, x = 3}) do n = n + later(v) end assert(n == 6)',
  'the bounds of a numeric for': 'local n = 0 for i = later(1), later(3), later(1) do n = n + i end assert(n == 6)',
  'the condition of while and repeat':
    'local i = 0 while later(i < 2) do i = i + 1 end repeat i = i + 1 until later(i > 3) assert(i == 4)',
  __add: binary('__add', 'a + 1', '1 + a'),
  __sub: binary('__sub', 'a - 1', '1 - a'),
  __mul: binary('__mul', 'a * 1', '1 * a'),
  __div: binary('__div', 'a / 1', '1 / a'),
  __mod: binary('__mod', 'a % 1', '1 % a'),
  __pow: binary('__pow', 'a ^ 1', '1 ^ a'),
  __concat: binary('__concat', 'a .. 1', '"x" .. a'),
  '__concat in a row': `${object('__concat')} assert("x" .. a .. "y" == "xgot")`,
  __unm: binary('__unm', '-a', '-a'),
  __len: binary('__len', '#a', '#a'),
  '__index, a function': binary('__index', 'a.x', 'a[1]'),
  '__index, behind tables': `${object('__index')} local b = setmetatable({}, {__index = setmetatable({}, {__index = a})}) assert(b.x == "got" and b[1] == "got")`,
  '__index of a method': `local a = setmetatable({}, {__index = function(_, k) return later(function(self, v) return k .. v end) end}) assert(a:name(5) == "name5")`,
  '__index of strings': `getmetatable("").__index = function(s, k) return later(s .. k) end local v = ("s").key getmetatable("").__index = string assert(v == "skey")`,
  '__newindex, a function':
    'local a = setmetatable({}, {__newindex = function(t, k, v) rawset(t, k, later(v) * 2) end}) a.x = 1 a[1] = 2 assert(a.x == 2 and a[1] == 4)',
  '__newindex, behind tables':
    'local a = setmetatable({}, {__newindex = function(t, k, v) rawset(t, k, later(v)) end}) local b = setmetatable({}, {__newindex = a}) b.x, b[1] = 1, 2 assert(a.x == 1 and a[1] == 2)',
  '__newindex of globals':
    'local g = setmetatable({}, {__index = _G, __newindex = function(t, k, v) rawset(t, k, later(v)) end}) setfenv(function() made = 5 end, g)() assert(g.made == 5 and made == nil)',
  __call:
    'local a = setmetatable({}, {__call = function(_, ...) return later(...) end}) assert(a(7) == 7 and select("#", a(nil, nil)) == 2)',
  '__call through __call':
    'local a = setmetatable({}, {__call = function(_, v) return later(v) end}) local t = {f = a} assert(t.f(3) == 3 and pcall(a, 1) and (function() return a(4) end)() == 4)',
  __eq: `local eq = function() return later("yes") end local a, b = setmetatable({}, {__eq = eq}), setmetatable({}, {__eq = eq}) assert(a == b and not (a ~= b) and (a == b) == true)`,
  __lt: `local mt = {__lt = function(x, y) return later(x.v < y.v) end} local a, b = setmetatable({v = 1}, mt), setmetatable({v = 2}, mt) assert(a < b and not (a > b) and a <= b and not (a >= b))`,
  __le: `local mt = {__le = function(x, y) return later(x.v <= y.v) end} local a, b = setmetatable({v = 1}, mt), setmetatable({v = 2}, mt) assert(a <= b and not (a >= b))`,
  __tostring: `local a = setmetatable({}, {__tostring = function() return later("shown") end}) assert(tostring(a) == "shown" and ("%s"):format(a) == "shown")`,
  '__tostring, asked by print': 'print(setmetatable({}, {__tostring = function() return later("shown") end}))',
  'metamethods of userdata':
    'local u = newproxy(true) local mt = getmetatable(u) mt.__index = function(_, k) return later(k) end mt.__len = function() return later(3) end assert(u.key == "key" and #u == 3)',
  'a replacement function of gsub': 'assert(("abc"):gsub("%w", function(c) return later(c .. c) end) == "aabbcc")',
  'a replacement table of gsub':
    'assert(string.gsub("ab", "%w", setmetatable({}, {__index = function(_, k) return later(k:upper()) end})) == "AB")',
  'the body of a loop over gmatch':
    'local s = "" for w in ("a b"):gmatch("%a") do s = s .. later(w) end assert(s == "ab")',
  'a comparison function of sort':
    'local t = {3, 1, 2, 5, 4} table.sort(t, function(a, b) return later(a < b) end) assert(table.concat(t) == "12345")',
  '__lt, asked by sort':
    'local mt = {__lt = function(a, b) return later(a.v < b.v) end} local t = {} for i, v in ipairs({3, 1, 2}) do t[i] = setmetatable({v = v}, mt) end table.sort(t) assert(t[1].v == 1 and t[3].v == 3)',
  'table.foreach and table.foreachi':
    'local n = 0 table.foreach({x = 1}, function(_, v) n = n + later(v) end) assert(n == 1 and table.foreachi({4, 5}, function(i, v) return later(i == 2 and v or nil) end) == 5)',
  'a coroutine':
    'local co = coroutine.create(function(a) local b = coroutine.yield(later(a)) return later(b) end) assert(select(2, coroutine.resume(co, 1)) == 1 and select(2, coroutine.resume(co, 2)) == 2 and coroutine.status(co) == "dead")',
  'coroutine.wrap as iterator':
    'local n = 0 for v in coroutine.wrap(function() for i = 1, 3 do coroutine.yield(later(i)) end end) do n = n + later(v) end assert(n == 6)',
  'a coroutine inside a coroutine':
    'local outer = coroutine.wrap(function() local inner = coroutine.wrap(function() coroutine.yield(later(1)) return later(2) end) coroutine.yield(inner() + later(0)) return inner() end) assert(outer() == 1 and outer() == 2)',
  'pcall in a coroutine':
    'local co = coroutine.wrap(function() return pcall(function() later() error("e", 0) end) end) local ok, e = co() assert(not ok and e == "e")',
  'an error that leaves a coroutine after a wait':
    'local ok, e = pcall(coroutine.wrap(function() later() error("e", 0) end)) assert(not ok and tostring(e):find("e$"))',
  'the top level of a required module':
    'package.preload["m.waits"] = function(name) later() return {name = later(name)} end assert(require("m.waits").name == "m.waits" and require("m.waits") == package.loaded["m.waits"])',
  'a loader of package.loaders':
    'table.insert(package.loaders, 1, function(name) later() return function() return later({name = name}) end end) local m = require("made.up") table.remove(package.loaders, 1) assert(m.name == "made.up")',
  'an option of module':
    'local seen local function body() module("waits.option", function(m) seen = later(m._NAME) end) end body() assert(seen == "waits.option")',
  'the reader of load':
    'local parts = {"return ", "8"} assert(load(function() return later(table.remove(parts, 1)) end)() == 8)',
  'loaded code': 'assert(loadstring("local f = ... local function g(x) return f(x) + 1 end return g(1)")(later) == 2)',
  'a function with an environment of its own':
    'local f = setfenv(function(v) return call(v) end, {call = later}) assert(f(6) == 6)',
  'arguments, varargs and constructors':
    'local function f(...) return select("#", ...), ... end local t = {f(later(1), later(2, 3))} assert(#t == 4 and t[1] == 3 and t[4] == 3)',
  'a tail call':
    'local function f(n) if n == 0 then return later("end") end return f(n - 1) end assert(f(50) == "end")',
  recursion: 'local function f(n) if n < 2 then return later(n) end return f(n - 1) + f(n - 2) end assert(f(7) == 13)',
  'a method, a field and an upvalue':
    'local o = {v = 1} function o:m(x) self.v = self.v + later(x) return self end function o.f(x) return later(x) end assert(o:m(1):m(2).v == 4 and o.f(9) == 9)',
  'a callback of a callback':
    'local function map(t, f) local r = {} for i, v in ipairs(t) do r[i] = f(v) end return r end local t = map({1, 2}, function(v) return map({v}, later)[1] end) assert(t[2] == 2)',
  'an assignment to several places':
    'local t = {} t[later(1)], t.x, later_global = later(1), later(2), later(3) assert(t[1] == 1 and t.x == 2 and later_global == 3) later_global = nil',
  'and, or, not': 'assert((later(nil) or later(2)) == 2 and (later(1) and later(3)) == 3 and not later(false))',
  'a replaced tostring, asked by print':
    'local shown = tostring tostring = function(v) return later(shown(v)) end print(1, nil) tostring = shown',
};

function object(event: string): string {
  return `local a = setmetatable({}, {${event} = function() return later("got"), "dropped" end})`;
}

function binary(event: string, first: string, second: string): string {
  return `${object(event)} local v, more = ${first} assert(v == "got" and more == nil and (${second}) == "got")`;
}

const WAYS: Readonly<Record<string, (program: string) => readonly [program: string, RunOptions]>> = {
  'ahead of time': (program) => [program, { compile: { checkPlain: true } }],
  'with every function suspendable': (program) => [program, { compile: { suspendAll: true } }],
  'by load': (program) => [`assert(loadstring([==[${program}]==]))()`, { compile: { checkPlain: true } }],
};

for (const [place, program] of Object.entries(PLACES)) {
  test(`waits in: ${place}`, async () => {
    for (const [who, definition] of Object.entries(WAITING)) {
      for (const [way, prepare] of Object.entries(WAYS)) {
        const { error, waited } = await runLua(...prepare(`${definition}\n${program}`));
        assert.ok(error === undefined, `${who}, ${way}: ${errorText(error)}`);
        assert.ok(waited, `${who}, ${way}: nothing waited`);
      }
    }
  });
}
