import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { LuaTable, type LuaValue, rawSet, setMetatable, tableFromEntries } from '../../runtime/engine/api.ts';
import inspect from '../../runtime/modules/nauthilus_gll_inspect.ts';
import type { OpenedServices } from '../../runtime/services/index.ts';
import { runProgram } from './program.ts';
import { Script, services } from './script.ts';

let opened: OpenedServices;
let script: Script;
let module: LuaTable;
before(async () => {
  opened = await services();
  script = new Script(opened, [inspect]);
  module = await script.require('inspect', 'nauthilus_gll_inspect');
});
after(() => opened.close());

const show = async (...args: LuaValue[]): Promise<LuaValue> => (await script.call(module, 'inspect', ...args))[0];

test('without a value it is nil', async () => {
  assert.equal(await show(), 'nil');
});

test('options that are no table are refused', async () => {
  await assert.rejects(show(1, 'x'), /bad argument #2 to '.*' \(table expected, got string\)/);
  assert.equal(await show(1, undefined), '1');
});

test('options of other types count as missing', async () => {
  const options = tableFromEntries([
    ['depth', 'x'],
    ['newline', 5],
  ]);
  assert.equal(await show(tableFromEntries([['a', 1]]), options), '{5  a = 15}');
});

test('a process function may wait, and so may a call of the module itself', async () => {
  const program = `
    dynamic_loader("nauthilus_gll_inspect") dynamic_loader("nauthilus_gll_time")
    local inspect, time = require("inspect"), require("time")
    local process = function(item) time.sleep(0.001) if item ~= "secret" then return item end end
    print(inspect({a = "secret", b = 2}, {newline = "", indent = "", process = process}))
    print(inspect.inspect({a = "secret", b = 2}, {newline = "", indent = "", process = process}))`;
  assert.deepEqual(await runProgram(opened, program), { stdout: '{b = 2}\n{b = 2}\n', failure: undefined });
});

test('a table that is its own metatable, key and value is shown once', async () => {
  const table = new LuaTable();
  rawSet(table, table, table);
  setMetatable(table, table);
  assert.equal(await show(table), '<1>{\n  [<table 1>] = <table 1>,\n  <metatable> = <table 1>\n}');
});

test('nesting without end is an error, not a crash', async () => {
  let deep = new LuaTable();
  for (let level = 0; level < 200_000; level++) deep = tableFromEntries([['x', deep]]);
  await assert.rejects(show(deep), /stack overflow|not enough memory|nested too deep/);
});
