/** Descriptors: shared, flattened and brought up to date. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  getMetatable,
  index,
  LuaObject,
  LuaTable,
  type LuaValue,
  rawGet,
  rawSet,
  setIndex,
  setMetatable,
  tableFromEntries,
} from '../../runtime/engine/api.ts';
import { setIndexTable } from '../../runtime/engine/metatable.ts';

function classOver(parent: LuaTable | undefined): LuaTable {
  const made = new LuaTable();
  rawSet(made, '__index', made);
  if (parent !== undefined) setMetatable(made, parent);
  return made;
}

test('tables with the same metatable share one descriptor per state', () => {
  const metatable = classOver(undefined);
  const [a, b] = [tableFromEntries([['x', 1]]), tableFromEntries([['y', 1]])];
  setMetatable(a, metatable);
  setMetatable(b, metatable);
  assert.equal(a.$mt, b.$mt);
});

test('a long chain that is read often is flattened, and every change above is seen', () => {
  const base = classOver(undefined);
  const middle = classOver(base);
  const leaf = classOver(middle);
  const object = tableFromEntries([['own', 1]]);
  setMetatable(object, leaf);
  rawSet(base, 'name', 'base');
  for (let i = 0; i < 200; i++) assert.equal(index(object, 'name'), 'base');
  assert.ok(object.$mt.leaf, 'nothing has to be asked any more');
  setIndex(middle, 'name', 'middle');
  assert.equal(index(object, 'name'), 'middle');
  rawSet(middle, 'name', undefined);
  assert.equal(index(object, 'name'), 'base');
  setMetatable(middle, undefined);
  assert.equal(index(object, 'name'), undefined);
});

test('a fresh metatable with only __index is made when somebody asks', () => {
  const parent = tableFromEntries([['m', 1]]);
  const [a, b] = [tableFromEntries([['x', 1]]), tableFromEntries([['x', 2]])];
  assert.ok(setIndexTable(a, parent) && setIndexTable(b, parent));
  assert.equal(a.$mt, b.$mt);
  assert.equal(index(a, 'm'), 1);
  const metatable = getMetatable(a);
  assert.ok(metatable !== undefined);
  assert.equal(rawGet(metatable, '__index'), parent);
  assert.equal(getMetatable(a), metatable);
  assert.notEqual(getMetatable(b), metatable);
});

test('userdata has fields through its metatable and refuses everything else', () => {
  const object = new LuaObject();
  assert.throws(() => index(object, 'x'), { value: 'attempt to index a userdata value' });
  const methods = tableFromEntries([['m', 5]]);
  setMetatable(object, tableFromEntries([['__index', methods]]));
  assert.equal(index(object, 'm'), 5);
  assert.equal(index(object, 'none'), undefined);
  assert.throws(() => setIndex(object, 'x', 1), { value: 'attempt to index a userdata value' });
});

/** Random changes to a chain of four tables, each followed by reads, against a walk over the chain. */
test('no sequence of changes makes an inherited read wrong', () => {
  const change = fc.record({
    kind: fc.constantFrom('set' as const, 'unset' as const, 'dynamic' as const, 'meta' as const, 'number' as const),
    table: fc.nat(3),
    parent: fc.nat(3),
    name: fc.constantFrom('a', 'b'),
  });
  fc.assert(
    fc.property(fc.array(change, { maxLength: 25 }), (changes) => {
      const tables = [0, 1, 2, 3].map(() => classOver(undefined));
      for (const [i, step] of changes.entries()) {
        apply(tables, step, i);
        for (const table of tables) {
          for (const name of ['a', 'b']) {
            const expected = walk(table, name);
            // Often enough that chains are flattened on the way.
            for (let round = 0; round < 40; round++) assert.equal(read(table, name), expected);
          }
        }
      }
    }),
    { numRuns: 150 },
  );

  function apply(tables: readonly LuaTable[], { kind, table, parent, name }: Change, i: number): void {
    const target = tables[table] as LuaTable;
    if (kind === 'set') setIndex(target, name, `${name}${i}`);
    else if (kind === 'unset') rawSet(target, name, undefined);
    else if (kind === 'number') rawSet(target, 0, i);
    else if (kind === 'dynamic') for (let k = 0; k < 14; k++) rawSet(target, `k${i}${k}`, k);
    // Only to tables with higher numbers, so that there is no loop.
    else if (parent > table) setMetatable(target, tables[parent]);
    else setMetatable(target, undefined);
  }
});

interface Change {
  readonly kind: 'set' | 'unset' | 'dynamic' | 'meta' | 'number';
  readonly table: number;
  readonly parent: number;
  readonly name: string;
}

/** As emitted code reads a field. */
function read(table: LuaTable, name: string): LuaValue {
  const own = table.$h[name];
  if (own !== undefined) return own;
  const inherited = table.$mt.c[name];
  if (inherited !== undefined) return inherited;
  return table.$mt.leaf ? undefined : (index(table, name) as LuaValue);
}

function walk(table: LuaTable | undefined, name: string): LuaValue {
  for (let link = table; link !== undefined; link = getMetatable(link)) {
    const value = rawGet(link, name);
    if (value !== undefined) return value;
  }
  return undefined;
}
