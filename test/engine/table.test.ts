/** Tables from the inside: what tests in Lua cannot see, and sequences of operations against a simple model. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  entries,
  LuaTable,
  type LuaValue,
  nextEntry,
  rawGet,
  rawLength,
  rawSet,
  tableFromArray,
  tableFromEntries,
} from '../../runtime/engine/api.ts';
import { NO_ELEMENTS, NO_STRINGS } from '../../runtime/engine/descriptor.ts';

test('small tables share their empty parts', () => {
  const table = new LuaTable();
  assert.equal(table.$h, NO_STRINGS);
  assert.equal(table.$a, NO_ELEMENTS);
  rawSet(table, 'x', 1);
  rawSet(table, 1, 1);
  assert.deepEqual([Object.keys(NO_STRINGS), NO_ELEMENTS], [[], [undefined]]);
});

test('keys that JavaScript would reorder or inherit are ordinary keys', () => {
  const keys = ['10', '9', '__proto__', 'constructor', '', '0x', 'toString', '-1', '1e3'];
  const table = tableFromEntries(keys.map((key, i) => [key, i]));
  assert.deepEqual([...entries(table)].map(([key]) => key).sort(), [...keys].sort());
  for (const [i, key] of keys.entries()) assert.equal(rawGet(table, key), i);
  assert.equal(rawGet(new LuaTable(), '__proto__'), undefined);
  assert.equal(rawGet(new LuaTable(), 'constructor'), undefined);
});

test('an array that is filled from behind, or begins at 2, ends in the array part', () => {
  const backwards = new LuaTable();
  for (let i = 1000; i > 0; i--) rawSet(backwards, i, i);
  assert.equal(backwards.$a.length, 1001);
  const fromTwo = new LuaTable();
  for (let i = 2; i <= 1000; i++) rawSet(fromTwo, i, i);
  assert.equal(fromTwo.$a.length, 1001);
  assert.equal(fromTwo.m?.size ?? 0, 0);
});

test('a huge index costs no memory', () => {
  const table = tableFromArray([1, 2, 3]);
  rawSet(table, 60_000_000, 'far');
  assert.equal(table.$a.length, 4);
  assert.equal(rawGet(table, 60_000_000), 'far');
  assert.equal(rawLength(table), 3);
});

test('a table whose keys come and go does not grow', () => {
  const table = new LuaTable();
  for (let i = 0; i < 100_000; i++) {
    rawSet(table, `key${i}`, i);
    rawSet(table, `key${i}`, undefined);
  }
  assert.ok((table.m?.size ?? 0) + Object.keys(table.$h).length < 200);
});

test('nil and NaN are no keys', () => {
  const table = new LuaTable();
  assert.throws(() => rawSet(table, undefined, 1), { value: 'table index is nil' });
  assert.throws(() => rawSet(table, Number.NaN, 1), { value: 'table index is NaN' });
  assert.equal(rawGet(table, undefined), undefined);
  assert.equal(rawGet(table, Number.NaN), undefined);
});

test('next knows every key the table ever had, and no other', () => {
  const table = tableFromEntries([
    ['a', 1],
    [1, 2],
    [true, 3],
  ]);
  rawSet(table, 'a', undefined);
  assert.deepEqual(nextEntry(table, 'a'), [true, 3]);
  assert.throws(() => nextEntry(table, 'never'), { value: "invalid key to 'next'" });
  assert.throws(() => nextEntry(table, 77), { value: "invalid key to 'next'" });
});

const key = fc.oneof(
  fc.integer({ min: -2, max: 40 }),
  fc.constantFrom(0.5, 2 ** 40, -0, 1e300),
  fc.constantFrom('a', 'b', 'c', '1', '10', '__index', 'constructor'),
  fc.integer({ min: 0, max: 30 }).map((i) => `k${i}`),
  fc.boolean(),
);
const value = fc.oneof(fc.constant(undefined), fc.integer({ min: 1, max: 9 }), fc.constant(false));

/** A table as a plain list of entries, in the order that `pairs` promises outside the array part. */
class Model {
  readonly values = new Map<LuaValue, LuaValue>();

  set(k: LuaValue, v: LuaValue): void {
    this.values.set(k === 0 ? 0 : k, v);
  }

  entries(): [LuaValue, LuaValue][] {
    return [...this.values].filter(([, v]) => v !== undefined);
  }
}

test('any sequence of assignments gives the table a model gives', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(key, value), { maxLength: 120 }), (operations) => {
      const table = new LuaTable();
      const model = new Model();
      for (const [k, v] of operations) {
        rawSet(table, k, v);
        model.set(k, v);
      }
      const ours = [...entries(table)];
      assert.equal(ours.length, model.entries().length);
      for (const [k, v] of model.entries()) assert.equal(rawGet(table, k), v);
      assert.deepEqual(new Map(ours), new Map(model.entries()));
      const viaNext: [LuaValue, LuaValue][] = [];
      for (let e = nextEntry(table, undefined); e !== undefined; e = nextEntry(table, e[0])) viaNext.push([...e]);
      assert.deepEqual(viaNext, ours);
      assertBorder(table);
    }),
    { numRuns: 500 },
  );
});

function assertBorder(table: LuaTable): void {
  const n = rawLength(table);
  assert.ok(n === 0 || rawGet(table, n) !== undefined, `#t is ${n}, but t[${n}] is nil`);
  assert.equal(rawGet(table, n + 1), undefined, `#t is ${n}, but t[${n + 1}] is not nil`);
}

test('string keys come in the order of their first insertion, whatever else is inserted', () => {
  const name = fc.integer({ min: 0, max: 40 }).map((i) => `k${i}`);
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.oneof(name, fc.boolean(), fc.constant(0.5)), value), { maxLength: 80 }),
      (operations) => {
        const table = new LuaTable();
        const order = new Map<LuaValue, LuaValue>();
        for (const [k, v] of operations) {
          rawSet(table, k, v);
          // A key that never had a value has no place yet.
          if (v !== undefined || order.has(k)) order.set(k, v);
        }
        // Compaction may forget the place of a key that is nil: compare those that always had a value.
        const always = (k: LuaValue): boolean => operations.every(([other, v]) => other !== k || v !== undefined);
        const expected = [...order.keys()].filter(always);
        assert.deepEqual([...entries(table)].map(([k]) => k).filter(always), expected);
      },
    ),
    { numRuns: 300 },
  );
});
