import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { BudgetExceeded, LuaError } from '../../runtime/engine/error.ts';
import { errorText, type RunOptions, runLua } from '../run-lua.ts';

const COLOURS: readonly RunOptions[] = [{}, { compile: { suspendAll: true } }];
const DEADLINE_MS = 60;
/** The machine may be busy; a loop that nothing stops would run into the test's own timeout. */
const TOLERANCE_MS = 3000;

/** Programs that never end by themselves. */
const ENDLESS: Readonly<Record<string, string>> = {
  'while true': 'while true do end',
  'repeat until false': 'local n = 0 repeat n = n + 1 until false',
  'goto back': '::top:: goto top',
  'a numeric loop to infinity': 'for i = 1, math.huge do end',
  'a numeric loop from minus infinity': 'for i = -math.huge, 0 do end',
  'a numeric loop that cannot advance': 'for i = 2 ^ 53, 2 ^ 53 + 10 do end for i = -2 ^ 53, -2 ^ 53 - 10, -1 do end',
  'short loops in a long one': 'for i = 1, 1e9 do for k = 1, 3 do for l = k, 2 do end end end',
  'a numeric loop with step 0': 'for i = 10, 1, 0 do end',
  'a generic loop': 'for x in function() return 1 end do end',
  'a loop inside a function': 'local function f() while true do end end f()',
  'a tail call of itself': 'local function f(n) return f(n + 1) end f(1)',
  'tail calls in a circle': 'local a, b function a() return b() end function b() return a() end a()',
  'a loop inside pcall': 'print(pcall(function() while true do end end)) print("survived")',
  'pcall inside a loop': 'while true do pcall(error) end',
  'pcall that tries again': 'while true do pcall(function() while true do end end) end',
  'a loop inside xpcall': 'xpcall(function() while true do end end, function() print("handler") end)',
  'a loop in a message handler': 'print(xpcall(error, function() while true do end end))',
  'a loop inside a coroutine': 'print(coroutine.resume(coroutine.create(function() while true do end end)))',
  'a coroutine that yields for ever':
    'for x in coroutine.wrap(function() while true do coroutine.yield(1) end end) do end',
  'a loop in a metamethod': 'local t = setmetatable({}, {__index = function() while true do end end}) print(t.x)',
  'a loop in a sort comparator': 'table.sort({2, 1}, function() while true do end end)',
  'a loop in a gsub callback': '("x"):gsub("x", function() while true do end end)',
  'a loop in loaded code': 'loadstring("while true do end")()',
  'a loop in tostring': 'print(setmetatable({}, {__tostring = function() while true do end end}))',
  'a pattern that backtracks': '("a"):rep(200):find(("a*"):rep(50) .. "b")',
  'recursion with many branches': 'local function f(n) if n > 0 then f(n - 1) f(n - 1) end end f(60)',
  'waits without end': 'while true do wait() end',
  'a wait that fails again and again': 'while true do pcall(fail, "x") end',
};

describe('the deadline ends', () => {
  for (const [name, source] of Object.entries(ENDLESS)) {
    test(name, async () => {
      for (const options of COLOURS) {
        const started = performance.now();
        const { error, stdout } = await runLua(source, { ...options, deadlineMs: DEADLINE_MS });
        assert.ok(error instanceof BudgetExceeded, errorText(error));
        assert.equal(error.reason, 'deadline');
        assert.equal(stdout, '');
        assert.ok(performance.now() - started < TOLERANCE_MS);
      }
    });
  }
});

test('the error at the deadline names the line that was running', async () => {
  const { error } = await runLua('local n = 0\n\nwhile true do\n  n = n + 1\nend', { deadlineMs: 20 });
  assert.ok(error instanceof BudgetExceeded);
  assert.match(error.message, /^case\.lua:[345]: script deadline exceeded$/);
});

test('a wait at the deadline is named too', async () => {
  const { error } = await runLua('wait()\nwhile true do\nwait()\nend', { deadlineMs: 20 });
  assert.ok(error instanceof BudgetExceeded);
  assert.match(error.message, /^case\.lua:[23]: /);
});

/** Requests for more memory at once than a script may have; each reports what `pcall` gave. */
const GREEDY: Readonly<Record<string, string>> = {
  'string.rep': 'print(pcall(string.rep, "x", 2^40))',
  'doubling a string': 'print(pcall(function() local s = "x" while true do s = s .. s end end))',
  'table.concat':
    'print(pcall(function() local t = {} for i = 1, 1000 do t[i] = ("x"):rep(2^20) end return #table.concat(t) end))',
};

describe('one allocation that is too large is an error', () => {
  for (const [name, source] of Object.entries(GREEDY)) {
    test(name, async () => {
      const { stdout, error } = await runLua(source, { memoryBytes: 200 << 20, deadlineMs: 30_000 });
      assert.equal(error, undefined, errorText(error));
      assert.match(stdout, /^false\t(.*: )?not enough memory\n$/);
    });
  }
});

test('a script that holds too much is ended', async () => {
  const source = 'print(pcall(function()\nlocal t = {}\nwhile true do t[#t + 1] = {} end\nend))\nprint("survived")';
  const { stdout, error } = await runLua(source, { memoryBytes: 50 << 20, deadlineMs: 30_000 });
  assert.ok(error instanceof BudgetExceeded, errorText(error));
  assert.deepEqual([error.reason, error.message, stdout], ['memory', 'case.lua:3: not enough memory', '']);
});

test('garbage is not what a script holds', async () => {
  const source = `
    local n = 0
    for i = 1, 300000 do local t = { i, { i }, tostring(i), ("x"):rep(i % 100) } n = n + #t end
    local function many(n) if n == 0 then return 1 end return many(n - 1) + many(n - 1) end
    print(n, many(16), #coroutine.wrap(function() return ("x"):rep(2^20) end)())`;
  for (const options of COLOURS) {
    const { stdout, error } = await runLua(source, { ...options, memoryBytes: 24 << 20 });
    assert.equal(error, undefined, errorText(error));
    assert.equal(stdout, '1200000\t65536\t1048576\n');
  }
});

test('who has called is not kept of calls that are over', async () => {
  const source = `
    local name, first = tostring, getfenv()
    local t = setmetatable({}, { __add = function(_, n) return (name(n)) end, __index = function(_, k) return (name(k)) end })
    local function loop() local x for i = 1, 300000 do x = t + 1 x = t.k end return x end
    print(loop())
    local function deep(n) if n > 0 then return (deep(n - 1)) end return (getfenv(900)) end
    print(setfenv(deep, { deep = deep, getfenv = getfenv })(2500) == getfenv(deep), getfenv(deep) ~= first)`;
  for (const options of COLOURS) {
    const { stdout, error } = await runLua(source, { ...options, memoryBytes: 16 << 20 });
    assert.equal(error, undefined, errorText(error));
    assert.equal(stdout, 'k\ntrue\ttrue\n');
  }
});

test('no JavaScript error text reaches a script', async () => {
  const source = `
    local function f() return f() + 1 end
    print(pcall(f)) print(pcall(string.rep, "x", 1e300)) print(pcall(loadstring, ("("):rep(1e5)))
    print(pcall(setmetatable, {}, setmetatable({}, {__index = error})))`;
  const { stdout } = await runLua(source);
  assert.doesNotMatch(stdout, /Range|Maximum|call stack|undefined|Error|\bnode\b|\.ts/);
});

test('an error object that nobody catches is what the task fails with', async () => {
  const { error } = await runLua('error({code = 7})');
  assert.ok(error instanceof LuaError);
  assert.match(
    error.traceback ?? '',
    /^stack traceback:\n\t\[C\]: in function 'error'\n\tcase\.lua:1: in main chunk\n\t\[C\]: \?$/,
  );
});
