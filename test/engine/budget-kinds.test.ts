/** Whatever a script spends its time or memory on, and whatever it wraps that in: its budget ends it. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { BudgetExceeded } from '../../runtime/engine/error.ts';
import { errorText, runLua } from '../run-lua.ts';

const DEADLINE_MS = 15;
/** CPU time, collector threads included; the machine may be busy. */
const MARGIN_MS = 500;

/** What never ends, or soon takes very long. */
const KINDS: Readonly<Record<string, string>> = {
  'a loop': 'local n = 0 while true do n = n + 1 end',
  'recursion with many branches': 'local function f(n) if n > 0 then f(n - 1) f(n - 1) end end f(80)',
  'recursion without end': 'while true do local function f() return 1 + f() end pcall(f) end',
  'a pattern': '("a"):rep(40000):find(".-.-.-.-b$")',
  'a pattern of captures': '("a"):rep(30000):match("(.-)(.-)(.-)(.-)b")',
  'balanced brackets': 'local s = ("("):rep(1e5) while true do s:find("%b()") end',
  gmatch: 'while true do for w in ("a"):rep(1e5):gmatch("a") do end end',
  gsub: 'local s = ("a"):rep(1e5) while true do s:gsub("a", "%0") s:gsub("a", function() end) end',
  'gsub that grows': 'while true do local s = "a" pcall(function() while true do s = s:gsub("a", "aa") end end) end',
  'string building': 'local s = "" while true do s = s .. "x" s:byte(1) end',
  'strings of numbers': 'local s = "" while true do s = s .. 1.5 end',
  'long strings compared': 'local a, b = ("a"):rep(1e7), ("a"):rep(1e7) while true do local _ = a < b, a <= b end',
  'long strings as keys': 'local t, s = {}, ("a"):rep(1e6) while true do t[s .. #t] = 1 s = s .. "b" end',
  'string.rep': 'while true do local s = ("abc"):rep(1e6) s:find("x", 1, true) end',
  'string.byte and unpack': 'local s = ("a"):rep(1e5) while true do unpack({s:byte(1, 7000)}) end',
  'upper and reverse': 'local s = ("a"):rep(1e7) while true do s:upper() s:reverse() end',
  'long numerals': 'local s = ("1"):rep(1e6) while true do tonumber(s) tonumber(s, 36) end',
  sort: 'local t = {} for i = 1, 1e4 do t[i] = i * 7919 % 10007 end while true do table.sort(t) table.sort(t, function(a, b) return a > b end) end',
  'a comparison function that lies': 'while true do pcall(table.sort, {3, 1, 2, 5, 4}, function() return true end) end',
  format: 'while true do string.format("%99.99f %s %q", 1e300, ("x"):rep(1e5), ("\\n"):rep(1e5)) end',
  'many coroutines': 'while true do coroutine.wrap(function() coroutine.yield() end)() end',
  'coroutines in coroutines': 'local function f() return coroutine.wrap(f)() end while true do pcall(f) end',
  'table.concat': 'local t = {} for i = 1, 1e4 do t[i] = "xx" end while true do table.concat(t, ("y"):rep(99)) end',
  'a range without end':
    'table.concat(setmetatable({}, {__index = function() return "x" end}), "", 1, 1e15) while true do end',
  'insertion in front': 'local t = {} while true do table.insert(t, 1, 1) end',
  'a traversal': 'local t = {} for i = 1, 1e5 do t[i] = i end while true do for k in pairs(t) do end table.maxn(t) end',
  'metamethods in a circle':
    'local t = {} setmetatable(t, {__index = t, __newindex = t}) while true do pcall(function() t.x = t.y end) end',
  'code made at run time': 'local n = 0 while true do n = n + 1 loadstring("return " .. n) end',
  'a large chunk': 'loadstring("return {" .. ("f(1), "):rep(1e5) .. "}") while true do end',
  'a long expression': 'loadstring("return " .. ("1 + "):rep(1e5) .. "1") while true do end',
  'a reader without end': 'load(function() return "x = 1 " end)',
  tracebacks:
    'local function f(n) if n > 0 then return 1 + f(n - 1) end while true do debug.traceback() end end f(5000)',
};

/** Each would go on for ever if the end of the budget could be caught; `%` stands for the kind. */
const TRICKS: Readonly<Record<string, string>> = {
  nothing: '%',
  pcall: 'while true do pcall(function() % end) end',
  'xpcall whose handler tries again':
    'local function again() xpcall(function() % end, again) end while true do again() end',
  'a coroutine': 'while true do coroutine.resume(coroutine.create(function() % end)) end',
  __index:
    'local t = setmetatable({}, {__index = function() % end}) while true do pcall(function() return t.x end) end',
  __gc: 'local u = newproxy(true) getmetatable(u).__gc = function() % end while true do u = nil pcall(function() % end) end',
  'a sort comparator in a gsub callback':
    'while true do pcall(string.gsub, "x", "x", function() pcall(table.sort, {2, 1}, function() % end) end) end',
  'loaded code': 'local f = loadstring([====[%]====]) while true do pcall(f) end',
};

const ALWAYS = ['nothing', 'pcall'];
const IN_TURN = Object.keys(TRICKS).filter((trick) => !ALWAYS.includes(trick));

describe('no script outlives its deadline by', () => {
  for (const [number, [kind, body]] of Object.entries(KINDS).entries()) {
    test(kind, async () => {
      for (const trick of [...ALWAYS, IN_TURN[number % IN_TURN.length] ?? '']) {
        const program = `${TRICKS[trick]?.replaceAll('%', () => body)} print("survived")`;
        const compile = (number + trick.length) % 2 === 0 ? { checkPlain: true } : { suspendAll: true };
        const before = process.cpuUsage();
        const { error, stdout } = await runLua(program, { compile, deadlineMs: DEADLINE_MS, memoryBytes: 2 ** 31 });
        const spent = process.cpuUsage(before).user / 1000;
        assert.ok(error instanceof BudgetExceeded, `${trick}: ${errorText(error)}`);
        assert.equal(stdout, '', trick);
        assert.ok(spent < DEADLINE_MS + MARGIN_MS, `${trick}: ended after ${spent} ms of CPU time`);
      }
    });
  }
});

test('scripts that want ever more memory do not take it from the process', () => {
  const child = fileURLToPath(new URL('greedy-scripts.ts', import.meta.url));
  const flags = ['--stack-size=6800', '--max-old-space-size=400', '--import', 'tsx'];
  const { stdout, stderr, status } = spawnSync(process.execPath, [...flags, child], { encoding: 'utf8' });
  assert.equal(status, 0, stderr.slice(0, 2000));
  assert.equal(stdout, '');
});
