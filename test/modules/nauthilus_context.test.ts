import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { LuaTable, rawGet, rawSet, tableFromArray } from '../../runtime/engine/api.ts';
import { ScriptState } from '../../runtime/login/script-state.ts';
import context from '../../runtime/modules/nauthilus_context.ts';
import type { OpenedServices } from '../../runtime/services/index.ts';
import { Script, services } from './script.ts';

let opened: OpenedServices;
before(async () => {
  opened = await services();
});
after(() => opened.close());

const open = (state: ScriptState) => new Script(opened, [context], { state });

test('what one script sets, another script of the login gets', async () => {
  const state = new ScriptState(new Map(), undefined);
  const feature = open(state);
  const module = await feature.require('nauthilus_context', 'nauthilus_context');
  assert.deepEqual(await feature.call(module, 'context_set', 'key', 'value'), []);
  const filter = open(state);
  const other = await filter.require('nauthilus_context', 'nauthilus_context');
  assert.deepEqual(await filter.call(other, 'context_get', 'key'), ['value']);
  assert.deepEqual(await filter.call(other, 'context_delete', 'key'), []);
  assert.deepEqual(await feature.call(module, 'context_get', 'key'), [undefined]);
});

test('another login sees nothing of it', async () => {
  const mine = open(new ScriptState(new Map(), undefined));
  await mine.call(await mine.require('nauthilus_context'), 'context_set', 'key', 'value');
  const other = open(new ScriptState(new Map(), undefined));
  assert.deepEqual(await other.call(await other.require('nauthilus_context'), 'context_get', 'key'), [undefined]);
});

test('tables are copied in and out', async () => {
  const script = open(new ScriptState(new Map(), undefined));
  const module = await script.require('nauthilus_context');
  const list = tableFromArray([1, 2]);
  await script.call(module, 'context_set', 'rt', list);
  rawSet(list, 1, 'changed');
  const [first] = await script.call(module, 'context_get', 'rt');
  assert.ok(first instanceof LuaTable);
  assert.equal(rawGet(first, 1), 1);
  rawSet(first, 2, 'changed');
  const [second] = await script.call(module, 'context_get', 'rt');
  assert.ok(second instanceof LuaTable && rawGet(second, 2) === 2);
});

test('a missing value is an argument error, nil and false are values', async () => {
  const script = open(new ScriptState(new Map(), undefined));
  const module = await script.require('nauthilus_context');
  await assert.rejects(script.call(module, 'context_set', 'key'), /value expected/);
  await script.call(module, 'context_set', 'key', false);
  assert.deepEqual(await script.call(module, 'context_get', 'key'), [false]);
  await script.call(module, 'context_set', 'key', undefined);
  assert.deepEqual(await script.call(module, 'context_get', 'key'), [undefined]);
});

test('where a phase has no store, nothing is kept and nothing fails', async () => {
  const script = open(new ScriptState(undefined, undefined));
  const module = await script.require('nauthilus_context');
  assert.deepEqual(await script.call(module, 'context_set', 'key', 1), []);
  assert.deepEqual(await script.call(module, 'context_get', 'key'), [undefined]);
  assert.deepEqual(await script.call(module, 'context_delete', 'key'), []);
});
