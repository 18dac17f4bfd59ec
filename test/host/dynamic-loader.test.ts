import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { index, LuaTable, nextEntry, rawGet, rawSet } from '../../runtime/engine/api.ts';
import { defineModule, pure } from '../../runtime/host/define.ts';
import type { OpenedServices } from '../../runtime/services/index.ts';
import { Script, services } from '../modules/script.ts';

const functions = { f: pure({ doc: 'One.' }, () => 1) };
const modules = [
  defineModule({ name: 'nauthilus_sample', classes: 'all', doc: '', functions, aliases: ['sample_alias'] }),
  defineModule({ name: 'nauthilus_gll_other', requires: ['other'], classes: 'all', doc: '', functions }),
  defineModule({ name: 'nauthilus_filters_only', classes: ['filter'], doc: '', functions }),
  defineModule({
    name: 'nauthilus_unavailable',
    classes: 'all',
    doc: '',
    functions,
    unavailable: ({ scriptClass }) => (scriptClass === 'filter' ? 'not activated' : undefined),
  }),
  defineModule({
    name: 'nauthilus_valued',
    classes: 'all',
    doc: '',
    functions,
    hidden: { g: pure({ doc: 'Two.' }, () => 2) },
    values: () => ({ list: new LuaTable() }),
    globals: () => ({ 'valued.Type': new LuaTable() }),
  }),
];

let opened: OpenedServices;
before(async () => {
  opened = await services();
});
after(() => opened.close());

const script = (scriptClass: 'filter' | 'feature' = 'filter') => new Script(opened, modules, { scriptClass });

test('dynamic_loader returns nothing and offers the module under its require name', async () => {
  const lua = script();
  assert.deepEqual(await lua.run(lua.global('dynamic_loader'), 'nauthilus_gll_other'), []);
  assert.ok(rawGet(lua.env.preload, 'other'));
  assert.deepEqual(await lua.call(await lua.require('other'), 'f'), [1]);
});

test('require gives the same table every time, and another one in another environment', async () => {
  const lua = script();
  const first = await lua.require('nauthilus_sample', 'nauthilus_sample');
  rawSet(first, 'f', 'changed');
  assert.equal(await lua.require('nauthilus_sample'), first);
  assert.deepEqual(await script().call(await script().require('nauthilus_sample'), 'f'), [1]);
});

test('dynamic_loader ignores unknown names and names of other classes', async () => {
  const lua = script('feature');
  for (const name of ['nosuch', 'nauthilus_filters_only']) {
    assert.deepEqual(await lua.run(lua.global('dynamic_loader'), name), []);
    assert.equal(rawGet(lua.env.preload, name), undefined);
  }
  assert.equal(nextEntry(lua.env.preload, undefined), undefined);
});

test('dynamic_loader checks its argument', async () => {
  const lua = script();
  await assert.rejects(lua.run(lua.global('dynamic_loader')), /string expected, got no value/);
});

test('a module that the configuration has no use for is refused aloud, by dynamic_loader and by require', async () => {
  const lua = script();
  await assert.rejects(lua.run(lua.global('dynamic_loader'), 'nauthilus_unavailable'), /not activated/);
  await assert.rejects(lua.require('nauthilus_unavailable'), /not activated/);
  await script('feature').require('nauthilus_unavailable', 'nauthilus_unavailable');
});

test('require finds host modules without dynamic_loader, by all their names', async () => {
  for (const name of ['nauthilus_sample', 'sample_alias', 'other', 'nauthilus_gll_other']) {
    const lua = script();
    assert.deepEqual(await lua.call(await lua.require(name), 'f'), [1], name);
  }
});

test('require of an unknown module suggests a near one', async () => {
  await assert.rejects(script().require('nauthilus_sampel'), /did you mean 'nauthilus_sample'\?/);
  await assert.rejects(script().require('nothing_like_it'), (error: Error) => !error.message.includes('did you mean'));
});

test('require of a module of another class says so', async () => {
  await assert.rejects(script('feature').require('nauthilus_filters_only'), /is not available in features/);
});

test('hidden functions work but do not show; values and globals belong to the environment', async () => {
  const lua = script();
  const module = await lua.require('nauthilus_valued', 'nauthilus_valued');
  assert.deepEqual(await lua.call(module, 'g'), [2]);
  assert.equal(rawGet(module, 'g'), undefined);
  assert.ok(rawGet(module, 'list') instanceof LuaTable);
  assert.ok(lua.global('valued.Type') instanceof LuaTable);
  const other = script();
  const again = await other.require('nauthilus_valued', 'nauthilus_valued');
  assert.notEqual(rawGet(again, 'list'), rawGet(module, 'list'));
  assert.equal(await lua.run(() => index(module, 'nosuch')).then(([value]) => value), undefined);
});
