import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { type LuaTable, type LuaValue, tableFromArray, tableFromEntries } from '../../runtime/engine/api.ts';
import stats from '../../runtime/modules/nauthilus_gll_stats.ts';
import type { OpenedServices } from '../../runtime/services/index.ts';
import { Script, services } from './script.ts';

let opened: OpenedServices;
let script: Script;
let module: LuaTable;
before(async () => {
  opened = await services();
  script = new Script(opened, [stats]);
  module = await script.require('stats', 'nauthilus_gll_stats');
});
after(() => opened.close());

const list = (...numbers: number[]): LuaTable => tableFromArray(numbers);
const call = (name: string, ...args: LuaValue[]) => script.call(module, name, ...args);

test('a list counts twice: one zero per element, as in the reference', async () => {
  assert.deepEqual(await call('median', list(1, 2, 3)), [0.5]);
  assert.deepEqual(await call('percentile', list(1, 2, 3, 4, 5), 90), [4]);
  assert.deepEqual(await call('standard_deviation', list(1, 1, 1, 1)), [0.5]);
});

test('numbers under other keys count once', async () => {
  assert.deepEqual(
    await call(
      'median',
      tableFromEntries([
        ['a', 1],
        ['b', 5],
        ['c', 9],
      ]),
    ),
    [5],
  );
  assert.deepEqual(await call('percentile', tableFromEntries([['a', 7]]), 1), [7]);
});

test('the list is left as it was', async () => {
  const unsorted = list(9, 1, 5);
  await call('median', unsorted);
  assert.deepEqual(unsorted.$a.slice(1), [9, 1, 5]);
});

test('nothing to count and ranges outside 0 to 100 are nil and a text', async () => {
  assert.deepEqual(await call('median', list()), [undefined, 'Input must not be empty.']);
  for (const percent of [0, -1, 101, Number.NaN]) {
    assert.deepEqual(await call('percentile', list(1, 2), percent), [undefined, 'Input is outside of range.']);
  }
  const text = 'only table of numbers is supported';
  assert.deepEqual(await call('median', tableFromArray([1, '2'])), [undefined, text]);
});
