/** Slow paths of the operators, called as libraries call them. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  compareLess,
  concat,
  equals,
  identityText,
  LuaObject,
  LuaTable,
  type LuaValue,
  length,
  rawSet,
  results2,
  setMetatable,
  tableFromArray,
  tableFromEntries,
  toDisplay,
  toNumber,
  toText,
} from '../../runtime/engine/api.ts';
import { add, compareLessEqual, concatAll, modulo, power } from '../../runtime/engine/operators.ts';
import { sites } from '../../runtime/engine/sites.ts';

function withEvents(events: Record<string, LuaValue>): LuaTable {
  const table = new LuaTable();
  setMetatable(table, tableFromEntries(Object.entries(events)));
  return table;
}

test('% is floored and bit-identical to a - floor(a/b)*b', () => {
  const number = fc.double({ noNaN: true, min: -1e18, max: 1e18 });
  fc.assert(
    fc.property(fc.oneof(number, fc.integer()), fc.oneof(number, fc.integer()), (a, b) => {
      assert.ok(Object.is(modulo(a, b), a - Math.floor(a / b) * b) || (modulo(a, b) === 0 && a === 0));
    }),
  );
  assert.ok(Number.isNaN(modulo(5, Number.POSITIVE_INFINITY)));
  assert.ok(Number.isNaN(modulo(5, 0)));
});

test('^ follows C where JavaScript does not', () => {
  assert.deepEqual(
    [
      power(1, Number.NaN),
      power(1, Number.POSITIVE_INFINITY),
      power(-1, Number.NEGATIVE_INFINITY),
      power(Number.NaN, 0),
    ],
    [1, 1, 1, 1],
  );
});

test('numeric strings are numbers in arithmetic, and only there', () => {
  assert.equal(add('10', ' 0x10 '), 26);
  assert.equal(equals('10', 10), false);
  assert.deepEqual(
    [toNumber('1e2'), toNumber('inf'), toNumber(true), toText(1.5), toText(undefined)],
    [100, undefined, undefined, '1.5', undefined],
  );
  assert.throws(() => add('ten', 1), { value: 'attempt to perform arithmetic on a string value' });
  assert.throws(() => compareLess('1', 2), { value: 'attempt to compare string with number' });
});

test('the site gives errors their position and the name of the operand to blame', () => {
  const [site] = sites('policy.lua', [[7, "local 'a'", "field 'b'"]]);
  assert.throws(() => add(undefined, 1, site), {
    value: "policy.lua:7: attempt to perform arithmetic on local 'a' (a nil value)",
  });
  assert.throws(() => add(1, undefined, site), {
    value: "policy.lua:7: attempt to perform arithmetic on field 'b' (a nil value)",
  });
  assert.throws(() => concat(1, true, site), {
    value: "policy.lua:7: attempt to concatenate field 'b' (a boolean value)",
  });
  assert.throws(() => length(undefined, site), {
    value: "policy.lua:7: attempt to get length of local 'a' (a nil value)",
  });
});

test('a handler gives exactly one value', () => {
  const table = withEvents({ __add: () => results2('sum', 'dropped'), __concat: () => results2('text', 'dropped') });
  assert.equal(add(table, 1), 'sum');
  assert.equal(add(1, table), 'sum');
  assert.equal(concat('a', table), 'text');
});

test('a handler that is replaced, or removed, no longer answers', () => {
  const metatable = tableFromEntries([['__add', () => 'first']]);
  const table = new LuaTable();
  setMetatable(table, metatable);
  assert.equal(add(table, 1), 'first');
  rawSet(metatable, '__add', () => 'second');
  assert.equal(add(table, 1), 'second');
  rawSet(metatable, '__add', undefined);
  assert.throws(() => add(table, 1));
});

test('comparison needs the same handler on both sides; <= falls back to <', () => {
  const less = (a: LuaValue, b: LuaValue): boolean => (a as LuaTable).$h.v! < (b as LuaTable).$h.v!;
  const [low, high] = [withEvents({ __lt: less }), withEvents({ __lt: less })];
  low.$h = { v: 1 };
  high.$h = { v: 2 };
  assert.deepEqual(
    [compareLess(low, high), compareLessEqual(low, high), compareLessEqual(high, low)],
    [true, true, false],
  );
  assert.throws(() => compareLess(low, new LuaTable()), { value: 'attempt to compare two table values' });
  const always = (): boolean => true;
  assert.equal(equals(withEvents({ __eq: always }), withEvents({ __eq: always })), true);
  assert.equal(equals(withEvents({ __eq: always }), withEvents({ __eq: () => true })), false);
});

test('a chain of .. is folded from the right around handlers', () => {
  const seen: LuaValue[] = [];
  const table = withEvents({
    __concat: (a: LuaValue, b: LuaValue) => {
      seen.push(typeof a === 'string' ? a : 'T', typeof b === 'string' ? b : 'T');
      return 'joined';
    },
  });
  const list = sites('c.lua', [[1], [1], [1], [1]]);
  assert.equal(concatAll(['a', 1, table, 'c', 2], list, 0), 'a1joined');
  assert.deepEqual(seen, ['T', 'c2']);
});

test('tostring shows values as Lua does, and identities are stable and unique', () => {
  assert.deepEqual([undefined, true, 1e15, 'x', -0].map(toDisplay), ['nil', 'true', '1000000000000000', 'x', '-0']);
  const [a, b] = [new LuaTable(), new LuaObject()];
  assert.match(String(toDisplay(a)), /^table: 0x[0-9a-f]{8,}$/);
  assert.match(String(toDisplay(b)), /^userdata: 0x[0-9a-f]{8,}$/);
  assert.equal(identityText(a), identityText(a));
  assert.notEqual(identityText(a), identityText(b));
  assert.equal(toDisplay(withEvents({ __tostring: () => 42 })), 42);
});

test('the length of a table is a border, unless __len answers', () => {
  assert.equal(length(tableFromArray([1, undefined, 3])), 3);
  assert.equal(length(tableFromArray([1, 2, undefined])), 2);
  assert.equal(length(withEvents({ __len: () => 'any value' })), 'any value');
  assert.equal(length('bytes'), 5);
});
