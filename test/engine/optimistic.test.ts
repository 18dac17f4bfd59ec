/**
 * Suspendable functions begin as ordinary ones and go on as generators from the place where something waits. Each program
 * runs with and without waits at every such place, and asserts what it got.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { errorText, runLua } from '../run-lua.ts';

/** `later` gives its arguments back; `slow(v)` is an object whose operators give `v`. */
const WAYS: Readonly<Record<string, string>> = {
  'when it waits': 'local later = wait\n',
  'when it does not wait': 'local function later(...) return ... end\n',
};
const OBJECT = `local function slow(v)
  local got = function() return later(v) end
  return setmetatable({}, {__add = got, __concat = got, __index = got, __len = got, __lt = got,
    __newindex = function(t, k, w) rawset(t, k, later(w + 1)) end})
end\n`;

const PROGRAMS: Readonly<Record<string, string>> = {
  'a call after locals':
    'local function f(a) local b = a + 1 local c = later(b) local d = c + b return a, b, c, d end local a, b, c, d = f(1) assert(a == 1 and b == 2 and c == 2 and d == 4)',
  'branches of if':
    'local function f(n) local t = "" if n == 1 then t = later("one") elseif later(n) == 2 then t = "two" .. later("!") local u = later("?") t = t .. u elseif n == 3 then return later("three") else do local v = later("more") t = v end end return t .. "." end assert(f(1) == "one." and f(2) == "two!?." and f(3) == "three" and f(4) == "more.")',
  'a return inside nested blocks':
    'local function f(n) do local a = later(n) if a then do local b = later(a) if b > 1 then return b, a end end end end return "end" end local a, b = f(2) assert(a == 2 and b == 2 and f(1) == "end" and select("#", f(false)) == 1)',
  'two calls in one operation':
    'local function f(a, b) return later(a) - later(b) end local function g(a, b) return later(a) .. later(b) end assert(f(5, 3) == 2 and g("x", "y") == "xy")',
  'an operation that fails before the next call':
    'local called = false local function f(a) return later(a) + later({}) + later((function() called = true return 1 end)()) end local ok, e = pcall(f, 1) assert(not ok and e:find("attempt to perform arithmetic on a table value") and not called)',
  'calls as arguments of calls':
    'local function three(...) return select("#", ...), ... end local function f(...) local a, b, c, d = three(later(...)) return a, b, c, d end local a, b, c, d = f(1, nil, 3) assert(a == 3 and b == 1 and c == nil and d == 3)',
  'operators whose handlers wait':
    'local function f(a, b) local c = a + b if c > 4 then return #a, a.x end return a .. b end local x, y = f(slow(5), 1) assert(x == 5 and y == 5 and f(slow(3), "") == 3)',
  'an operator in the condition':
    'local function f(a) if a < a then return "less" end return "not" end assert(f(slow(1)) == "less" and f(slow(false)) == "not")',
  'stores whose handlers wait':
    'local function f(t) t.a = 1 t.b = later(2) local n = t.a + t.b t[1] = n return rawget(t, "a"), rawget(t, "b"), rawget(t, 1) end local a, b, c = f(slow(0)) assert(a == 2 and b == 3 and c == 6)',
  'the same statement, twice with and without an effect':
    'local n = 0 local function count() n = n + 1 return n end local function f(a) local b = count() local c = a + b return c, b end local c, b = f(slow("c")) assert(c == "c" and b == 1 and n == 1)',
  'variables that closures share':
    'local function f(n) local m = later(n) local function up() m = m + 1 return m end up() later() n = n + up() return n, m end local a, b = f(1) assert(a == 4 and b == 3)',
  'an error after the call':
    'local function f(t) local u = later(t) return u.x.y end local ok, e = pcall(f, {}) assert(not ok and e:find("case.lua:%d+: attempt to index field \'x\' %(a nil value%)"))',
  'fields of fields of numbers, in a condition':
    'local ok, e = pcall(function() if {a = (({b = 1, b = 1}).b).b} then return 1 end end) assert(not ok and e:find("attempt to index field \'b\' %(a number value%)"))',
};

for (const [name, program] of Object.entries(PROGRAMS)) {
  for (const [way, later] of Object.entries(WAYS)) {
    for (const suspendAll of [false, true]) {
      test(`${name}, ${way}${suspendAll ? ', everything suspendable' : ''}`, async () => {
        const { error } = await runLua(later + OBJECT + program, { compile: { suspendAll, checkPlain: !suspendAll } });
        assert.ok(error === undefined, errorText(error));
      });
    }
  }
}
