import assert from 'node:assert/strict';
import { test } from 'node:test';
import { X } from '../../runtime/engine/call.ts';
import { running } from '../../runtime/engine/registers.ts';
import { errorText, runLua } from '../run-lua.ts';

async function runAll(sources: readonly string[]): Promise<string[]> {
  const outcomes = await Promise.all(sources.map((source) => runLua(source)));
  for (const { error } of outcomes) assert.equal(error, undefined, errorText(error));
  return outcomes.map(({ stdout }) => stdout);
}

test('globals of one environment are unknown in another, whatever is in between', async () => {
  const source = (name: string) =>
    `secret = "${name}" for i = 1, 5 do wait() assert(secret == "${name}") end print(secret)`;
  assert.deepEqual(await runAll([source('a'), source('b'), source('c')]), ['a\n', 'b\n', 'c\n']);
});

test('a changed library is changed for one environment only', async () => {
  const outputs = await runAll([
    'string.upper = function() return "mine" end math.pi = 3 wait() print(("x"):upper(), math.pi)',
    'wait() wait() print(("x"):upper(), math.pi > 3, rawget(string, "mine"))',
    'print = nil wait() assert(print == nil)',
    'wait() assert(getmetatable("").__index == string) getmetatable("").__index = {own = 1} wait() print(("x").own)',
    'wait() wait() print(("x").own)',
  ]);
  assert.deepEqual(outputs, ['mine\t3\n', 'X\ttrue\tnil\n', '', '1\n', 'nil\n']);
});

test('package tables belong to one environment', async () => {
  const outputs = await runAll([
    'package.loaded.shared = "a" package.preload.mine = function() return 1 end package.path = "" wait() print(require("mine"))',
    'wait() wait() print(package.loaded.shared, pcall(require, "mine") and "found" or "missing", package.path ~= "")',
  ]);
  assert.deepEqual(outputs, ['1\n', 'nil\tmissing\ttrue\n']);
});

test('the running coroutine of one task is never that of another', async () => {
  const source = `
    local co = coroutine.wrap(function() for i = 1, 5 do wait() assert(coroutine.running() ~= nil) coroutine.yield(i) end end)
    for i = 1, 5 do assert(co() == i) assert(coroutine.running() == nil) end
    wait() assert(coroutine.running() == nil) print("done")`;
  const outside = 'for i = 1, 20 do wait() assert(coroutine.running() == nil) end print("done")';
  assert.deepEqual(await runAll([source, outside, source]), ['done\n', 'done\n', 'done\n']);
});

test('protection of one task does not reach into another', async () => {
  const caught = 'for i = 1, 5 do assert(not pcall(function() wait() error("e") end)) end print("ok")';
  const outcomes = await Promise.all([runLua(caught), runLua('wait() wait() error("mine")'), runLua(caught)]);
  assert.deepEqual(
    outcomes.map(({ error }) => error === undefined),
    [true, false, true],
  );
  assert.match(errorText(outcomes[1]?.error), /^case\.lua:1: mine\nstack traceback:\n/);
});

test('nothing stays in the registers when a task has ended', async () => {
  await runLua('local t = {} wait() return t, t, t, t, t');
  await runLua('error(setmetatable({}, {}))');
  assert.deepEqual([X.a, X.b, X.c, X.v.length], [undefined, undefined, undefined, 0]);
  assert.deepEqual({ ...running }, { task: undefined, coroutine: undefined, wantsTrace: true, handled: undefined });
});
