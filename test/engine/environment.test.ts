/** Environments: cheap to make, and nothing a script does to one is seen in another. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  createEnvironment,
  defineLibrary,
  entries,
  type LuaTable,
  nextEntry,
  rawGet,
  rawSet,
  setGlobal,
} from '../../runtime/engine/api.ts';
import { COLOURS } from '../lua.ts';
import { runLua } from '../run-lua.ts';

const libraries = [
  defineLibrary('_G', { first: () => 1, second: () => 2 }, { values: { _VERSION: 'Lua 5.1' } }),
  defineLibrary('tools', { cut: () => 3 }, { setup: (_env, table) => rawSet(table, 'fresh', 'per environment') }),
];

test('an environment has its libraries as globals and in package.loaded', () => {
  const env = createEnvironment(libraries);
  const tools = rawGet(env.globals, 'tools') as LuaTable;
  assert.equal(rawGet(env.globals, '_G'), env.globals);
  assert.equal(rawGet(env.loaded, 'tools'), tools);
  assert.equal(rawGet(tools, 'fresh'), 'per environment');
  assert.equal(typeof rawGet(tools, 'cut'), 'function');
});

test('traversal shows own entries and those of the base, each once', () => {
  const env = createEnvironment(libraries);
  setGlobal(env, 'mine', true);
  setGlobal(env, 'first', 'replaced');
  setGlobal(env, 'second', undefined);
  const found = new Map(entries(env.globals));
  assert.deepEqual([...found.keys()].sort(), ['_G', '_VERSION', 'first', 'mine', 'tools']);
  assert.equal(found.get('first'), 'replaced');
  assert.notEqual(nextEntry(env.globals, 'second'), undefined);
});

test('what one environment changes, the next does not see', () => {
  const [a, b] = [createEnvironment(libraries), createEnvironment(libraries)];
  rawSet(rawGet(a.globals, 'tools') as LuaTable, 'cut', 'patched');
  setGlobal(a, 'first', undefined);
  for (let i = 0; i < 50; i++) setGlobal(a, `global${i}`, i);
  assert.equal(typeof rawGet(rawGet(b.globals, 'tools') as LuaTable, 'cut'), 'function');
  assert.equal(typeof rawGet(b.globals, 'first'), 'function');
  assert.equal(rawGet(b.globals, 'global7'), undefined);
  assert.equal(typeof rawGet(rawGet(createEnvironment(libraries).globals, 'tools') as LuaTable, 'cut'), 'function');
});

test('a script that patches every library and the metatable of strings leaves no trace', async () => {
  const vandal = `
    for _, name in ipairs({"string", "table", "math", "os", "coroutine"}) do for k in pairs(_G[name]) do _G[name][k] = function() return "patched" end end end
    getmetatable("").__index = function() return function() return "patched" end end
    for k in pairs(_G) do if k ~= "_G" and k ~= "pairs" then _G[k] = nil end end`;
  const witness = `
    print(("x"):rep(3), string.upper("a"), math.floor(1.5), table.concat({1, 2}), type(os.time()), type(coroutine.create), #_VERSION)
    print(("%d"):format(3), getmetatable("").__index == string, next({}), tostring(nil))`;
  const expected = 'xxx\tA\t1\t12\tnumber\tfunction\t7\n3\ttrue\tnil\tnil\n';
  for (const compile of Object.values(COLOURS)) {
    assert.equal((await runLua(witness, { compile })).stdout, expected);
    assert.equal((await runLua(vandal, { compile })).error, undefined);
    assert.equal((await runLua(witness, { compile })).stdout, expected);
  }
});
