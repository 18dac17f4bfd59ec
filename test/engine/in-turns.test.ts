/** Library functions that take long give others turns where the code that calls them may wait, and do the same as ever. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compileInMemory } from '../../compiler/build/in-memory.ts';
import type { CompiledChunk } from '../../runtime/contract/abi.ts';
import { Budget, createEnvironment, runTask } from '../../runtime/engine/api.ts';
import { standardLibraries } from '../../runtime/engine/stdlib/index.ts';
import { testManifest } from '../run-lua.ts';

const MAY_WAIT = 'if never then wait() end ';

/** Each ends with what the call gave, as a text. `numbers(n)` are the numbers from 1 to n, mixed. */
const CALLS: Readonly<Record<string, string>> = {
  'sorting numbers': 'local t = numbers(20000) table.sort(t) return check(t, 20000)',
  'sorting numbers with a function':
    'local t = numbers(2000) table.sort(t, function(a, b) return a < b end) return check(t, 2000)',
  'sorting strings':
    'local t = numbers(10000) for i, v in ipairs(t) do t[i] = ("%06d"):format(v) end table.sort(t) return check(t, 10000)',
  'sorting both, which fails': `local t = numbers(10000) t[5000] = "x" return select(2, pcall(function() ${MAY_WAIT}table.sort(t) end))`,
  'find from place to place': 'local s = ("a"):rep(3000) return tostring(s:find("a-b"))',
  'find, in the end': 'local s = ("ab"):rep(30000) .. "c" return table.concat({s:find("(b)(c)", 300)}, " ")',
  'match with captures': 'local s = ("x "):rep(30000) .. "y=1" return table.concat({s:match("(%a)=(%d)")}, " ")',
  'gsub by a text': 'local s, n = ("ab "):rep(30000):gsub("%w+", "<%0>") return #s .. " " .. n',
  'gsub by a function': 'local s, n = ("ab "):rep(30000):gsub("%w+", string.upper) return s:sub(-4) .. n',
  'gsub by a table': 'local s, n = ("ab "):rep(30000):gsub("%w", {a = 1}, 50000) return s:sub(1, 4) .. n',
};

const HELPERS = `local function numbers(n) local t = {} for i = 1, n do t[i] = i * 7919 % (n + 1) end return t end
local function check(t, n) for i = 2, n do if t[i - 1] > t[i] then return "wrong at " .. i end end return #t .. " in order" end\n`;

/** What the program returns, and how often it gave a turn. Each look at the clock says that others are due. */
async function run(program: string): Promise<{ readonly value: unknown; readonly turns: number }> {
  const { chunks } = compileInMemory([{ name: 'case.lua', source: program }], testManifest);
  const env = createEnvironment(standardLibraries);
  let now = 0;
  const clock = (): number => {
    now += 3;
    return now;
  };
  const limits = { deadlineMs: Number.POSITIVE_INFINITY, blockingMs: Number.POSITIVE_INFINITY, memoryBytes: 2 ** 30 };
  const budget = new Budget({ ...limits, clock });
  const chunk = chunks.get('case.lua') as CompiledChunk;
  let turns = 0;
  let over = false;
  const count = (): void => {
    turns++;
    if (!over) setImmediate(count);
  };
  setImmediate(count);
  const [value] = await runTask({ env, budget, host: undefined }, chunk.instantiate(env), []);
  over = true;
  return { value, turns };
}

for (const [name, call] of Object.entries(CALLS)) {
  test(`${name}: in code that may wait it gives turns, with the result it has elsewhere`, async () => {
    const plain = await run(`${HELPERS}local function f() ${call.replace(MAY_WAIT, '')} end return f()`);
    const waiting = await run(`${HELPERS}local function f() ${MAY_WAIT}${call} end return f()`);
    assert.equal(waiting.value, plain.value);
    assert.ok(plain.turns <= 1, `plain code gave ${plain.turns} turns`);
    assert.ok(waiting.turns > 3, `${waiting.turns} turns`);
  });
}
