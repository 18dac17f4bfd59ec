import assert from 'node:assert/strict';
import test from 'node:test';
import fc from 'fast-check';
import {
  LuaTable,
  type LuaValue,
  nextEntry,
  rawGet,
  rawLength,
  rawSet,
  tableFromArray,
  tableFromEntries,
} from '../../runtime/engine/api.ts';
import { call, callWaiting, errorIn, errorOf, libraryFunction, waiting } from './call-library.ts';

function list(table: LuaTable): LuaValue[] {
  return Array.from({ length: rawLength(table) }, (_, k) => rawGet(table, k + 1));
}

/** The list after a library function worked on it. */
function after(name: string, values: readonly LuaValue[], ...args: LuaValue[]): LuaValue[] {
  const table = tableFromArray(values);
  call(`table.${name}`, table, ...args);
  return list(table);
}

test('concat joins strings and numbers of a range', () => {
  const table = tableFromArray([1, 2.5, 'x']);
  assert.deepEqual(call('table.concat', table, '-'), ['1-2.5-x']);
  assert.deepEqual(call('table.concat', table, ', ', 2, 3), ['2.5, x']);
  assert.deepEqual(call('table.concat', table, 0, 3, 2), ['']);
  assert.deepEqual(call('table.concat', tableFromArray([])), ['']);
  assert.equal(
    errorOf('table.concat', tableFromArray([1, new LuaTable(), 3])),
    "invalid value (table) at index 2 in table for 'concat'",
  );
  assert.equal(
    errorOf('table.concat', tableFromArray([1, undefined, 3]), ',', 1, 3),
    "invalid value (nil) at index 2 in table for 'concat'",
  );
  assert.equal(
    errorOf('table.concat', undefined, new LuaTable()),
    "bad argument #2 to '?' (string expected, got table)",
  );
});

test('insert appends, shifts, and treats positions outside the list as Lua 5.1 does', () => {
  assert.deepEqual(after('insert', [1, 2, 3], 'x'), [1, 2, 3, 'x']);
  assert.deepEqual(after('insert', [1, 2, 3], 1, 'x'), ['x', 1, 2, 3]);
  assert.deepEqual(after('insert', [1, 2, 3], 3, 'x'), [1, 2, 'x', 3]);
  assert.deepEqual(after('insert', [1, 2, 3], 4, 'x'), [1, 2, 3, 'x']);
  assert.deepEqual(after('insert', [], 'x'), ['x']);
  const far = tableFromArray([1]);
  call('table.insert', far, 1000, 'x');
  assert.equal(rawGet(far, 1000), 'x');
  assert.equal(rawLength(far), 1);
  const below = tableFromArray([1, 2, 3]);
  call('table.insert', below, 0, 'x');
  assert.deepEqual(
    [0, 1, 2, 3, 4].map((k) => rawGet(below, k)),
    ['x', undefined, 1, 2, 3],
  );
});

test('insert counts its arguments', () => {
  assert.equal(errorOf('table.insert'), "bad argument #1 to '?' (table expected, got no value)");
  assert.equal(errorOf('table.insert', new LuaTable()), "wrong number of arguments to 'insert'");
  assert.equal(errorOf('table.insert', new LuaTable(), 1, 2, 3), "wrong number of arguments to 'insert'");
  assert.equal(errorOf('table.insert', new LuaTable(), 'x', 2), "bad argument #2 to '?' (number expected, got string)");
});

test('insert far below the list ends in a budget error', () => {
  const insert = () => libraryFunction('table.insert')(tableFromArray([1]), -1e15, 'x');
  assert.match(String(errorIn(insert, { deadlineMs: 50, memoryBytes: 1 << 30 })), /deadline|memory/);
});

test('remove returns the element, or nothing outside the list', () => {
  assert.deepEqual(call('table.remove', tableFromArray([1, 2, 3])), [3]);
  assert.deepEqual(call('table.remove', tableFromArray([1, 2, 3]), 1), [1]);
  assert.deepEqual(call('table.remove', new LuaTable()), []);
  assert.deepEqual(call('table.remove', tableFromArray([1, 2]), 0), []);
  assert.deepEqual(call('table.remove', tableFromArray([1, 2]), 3), []);
  assert.deepEqual(after('remove', [1, 2, 3], 2), [1, 3]);
  assert.deepEqual(after('remove', [1], 1), []);
});

test('insert and remove agree with a JS array under any sequence', () => {
  const step = fc.record({ insert: fc.boolean(), at: fc.nat(12), value: fc.integer() });
  fc.assert(
    fc.property(fc.array(step), (steps) => {
      const model: LuaValue[] = [];
      const table = new LuaTable();
      for (const { insert, at, value } of steps) {
        const position = Math.min(at, model.length) + (insert ? 1 : 0);
        if (insert) {
          call('table.insert', table, position, value);
          model.splice(position - 1, 0, value);
        } else {
          call('table.remove', table, position);
          if (position >= 1) model.splice(position - 1, 1);
        }
      }
      assert.deepEqual(list(table), model);
    }),
    { numRuns: 50 },
  );
});

test('insert and remove work on lists that live outside the array part', () => {
  const table = new LuaTable();
  for (let k = 40; k >= 1; k--) rawSet(table, k, k);
  call('table.insert', table, 20, 'x');
  assert.deepEqual(call('table.remove', table, 20), ['x']);
  assert.deepEqual(
    list(table),
    Array.from({ length: 40 }, (_, k) => k + 1),
  );
});

test('sort orders numbers, strings, and by any order function', () => {
  assert.deepEqual(after('sort', [10, 9, 2, 33, 1]), [1, 2, 9, 10, 33]);
  assert.deepEqual(after('sort', ['b', 'a', 'B', '10', '9', '']), ['', '10', '9', 'B', 'a', 'b']);
  assert.deepEqual(after('sort', ['z', '\xc3\xa9', 'a\0', 'a']), ['a', 'a\0', 'z', '\xc3\xa9']);
  const descending = (a: LuaValue, b: LuaValue) => (a as number) > (b as number);
  assert.deepEqual(after('sort', [5, 2, 8, 1, 9, 3], descending), [9, 8, 5, 3, 2, 1]);
  assert.deepEqual(after('sort', [1]), [1]);
  assert.deepEqual(call('table.sort', new LuaTable()), []);
});

test('sort is a permutation whatever the order function says, and equal elements keep their order', () => {
  const values = fc.array(fc.integer({ min: 0, max: 20 }), { maxLength: 60 });
  fc.assert(
    fc.property(values, fc.func(fc.boolean()), (numbers, less) => {
      const sorted = after('sort', numbers, less as (a: LuaValue, b: LuaValue) => LuaValue);
      assert.deepEqual(
        (sorted as number[]).sort((a, b) => a - b),
        [...numbers].sort((a, b) => a - b),
      );
    }),
  );
  fc.assert(
    fc.property(values, (numbers) => {
      const pairs = numbers.map((n, k) => tableFromArray([n, k]));
      const less = (a: LuaValue, b: LuaValue) =>
        (rawGet(a as LuaTable, 1) as number) < (rawGet(b as LuaTable, 1) as number);
      const sorted = after('sort', pairs, less).map((pair) => list(pair as LuaTable));
      const expected = numbers.map((n, k) => [n, k]).sort((a, b) => (a[0] as number) - (b[0] as number));
      assert.deepEqual(sorted, expected);
    }),
  );
});

test('sort needs about n log n comparisons', () => {
  let comparisons = 0;
  const count = 4096;
  const numbers = Array.from({ length: count }, (_, k) => (k * 7919) % count);
  after('sort', numbers, (a, b) => {
    comparisons++;
    return (a as number) < (b as number);
  });
  assert.ok(comparisons <= count * Math.log2(count));
});

test('sort raises the errors of comparisons and then leaves the list as it was', () => {
  const table = tableFromArray([3, 1, 'x']);
  assert.equal(errorOf('table.sort', table), 'attempt to compare string with number');
  assert.deepEqual(list(table), [3, 1, 'x']);
  assert.equal(
    errorOf('table.sort', tableFromArray([1, 2]), 5),
    "bad argument #2 to '?' (function expected, got number)",
  );
});

test('an order function may wait, at any comparison', async () => {
  const numbers = [5, 3, 9, 1, 7, 2, 8];
  let calls = 0;
  const slow = waiting((a, b) => (a as number) < (b as number));
  const less = (a: LuaValue, b: LuaValue) => (++calls % 3 === 0 ? slow(a, b) : (a as number) < (b as number));
  const table = tableFromArray(numbers);
  await callWaiting('table.sort', table, less);
  assert.deepEqual(list(table), [1, 2, 3, 5, 7, 8, 9]);
});

test('maxn sees every number key, getn the length; setn is gone', () => {
  const table = tableFromEntries([
    [1, 'a'],
    [10.5, 'b'],
    [-3, 'c'],
    ['x', 'd'],
  ]);
  assert.deepEqual(call('table.maxn', table), [10.5]);
  assert.deepEqual(call('table.maxn', new LuaTable()), [0]);
  assert.deepEqual(call('table.getn', tableFromArray([1, 2])), [2]);
  assert.equal(errorOf('table.setn', new LuaTable(), 1), "'setn' is obsolete");
});

test('foreach and foreachi stop at the first result, in both colours', async () => {
  const seen: LuaValue[] = [];
  const collect = (key: LuaValue, value: LuaValue) => {
    seen.push(key, value);
    return value === 20 ? 'found' : undefined;
  };
  const table = tableFromArray([10, 20, 30]);
  assert.deepEqual(call('table.foreachi', table, collect), ['found']);
  assert.deepEqual(seen, [1, 10, 2, 20]);
  assert.deepEqual(
    call('table.foreach', tableFromEntries([['k', 1]]), () => undefined),
    [],
  );
  assert.deepEqual(await callWaiting('table.foreach', table, waiting(collect)), ['found']);
  assert.deepEqual(
    await callWaiting(
      'table.foreachi',
      table,
      waiting(() => undefined),
    ),
    [],
  );
});

test('foreach may delete what it visits', () => {
  const table = tableFromEntries([
    ['a', 1],
    ['b', 2],
    [true, 3],
  ]);
  call('table.foreach', table, (key) => {
    rawSet(table, key, undefined);
    return undefined;
  });
  assert.equal(nextEntry(table, undefined), undefined);
});
