import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import {
  LuaTable,
  type LuaValue,
  rawGet,
  rawSet,
  setMetatable,
  tableFromArray,
  tableFromEntries,
} from '../../runtime/engine/api.ts';
import { fromHost, textOf, textsOf, toHost } from '../../runtime/host/convert.ts';
import type { OpenedServices } from '../../runtime/services/index.ts';
import { Script, services } from '../modules/script.ts';

let opened: OpenedServices;
let script: Script;
before(async () => {
  opened = await services();
  script = new Script(opened, []);
});
after(() => opened.close());

/** Errors with positions need a running task. */
const inTask = (compute: () => LuaValue) => script.run(compute);

test('scalars stay what they are, nil is null', () => {
  for (const value of [true, false, 0, -1.5, '', 'bytes \xff\0']) assert.equal(toHost(value), value);
  assert.equal(toHost(undefined), null);
  assert.equal(fromHost(null), undefined);
});

test('a table is copied deeply, with keys of all scalar kinds', () => {
  const inner = tableFromArray(['x', 'y']);
  const table = tableFromEntries([
    [1, 'one'],
    ['1', 'text'],
    [true, inner],
    [1.5, false],
  ]);
  const copy = toHost(table);
  rawSet(inner, 1, 'changed');
  const back = fromHost(copy);
  assert.ok(back instanceof LuaTable && back !== table);
  assert.deepEqual([rawGet(back, 1), rawGet(back, '1'), rawGet(back, 1.5)], ['one', 'text', false]);
  const backInner = rawGet(back, true);
  assert.ok(backInner instanceof LuaTable && rawGet(backInner, 1) === 'x');
});

test('holes of a list keep their places', () => {
  const back = fromHost(toHost(tableFromArray([1, undefined, 3])));
  assert.ok(back instanceof LuaTable);
  assert.deepEqual([rawGet(back, 1), rawGet(back, 2), rawGet(back, 3)], [1, undefined, 3]);
});

test('metatables and functions do not cross the border', () => {
  const table = tableFromEntries([['f', () => 1]]);
  setMetatable(table, tableFromEntries([['__index', tableFromEntries([['g', 1]])]]));
  const back = fromHost(toHost(table));
  assert.ok(back instanceof LuaTable);
  assert.match(String(rawGet(back, 'f')), /^function: 0x/);
  assert.equal(rawGet(back, 'g'), undefined);
});

test('a table that contains itself is a Lua error', async () => {
  const table = new LuaTable();
  rawSet(table, 'self', table);
  await assert.rejects(
    inTask(() => {
      toHost(table);
      return undefined;
    }),
    /contains itself/,
  );
});

test('texts follow tostring', () => {
  assert.deepEqual([1, 1.5, true, undefined, 'x'].map(textOf), ['1', '1.5', 'true', 'nil', 'x']);
  assert.match(textOf(new LuaTable()), /^table: 0x/);
  assert.deepEqual(textsOf(tableFromArray(['a', 2, undefined, true])), ['a', '2', 'true']);
});
