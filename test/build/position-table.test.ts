import assert from 'node:assert/strict';
import { test } from 'node:test';
import { keepLuaPositions } from '../../compiler/build/position-table.ts';

/** VLQ: A = 0, C = 1, E = 2, D = -1, I = 4. */
const map = (mappings: string, names: readonly string[] = []) =>
  ({ version: 3, sources: ['main.ts', 'marker'], names, mappings }) as const;

test('only places in Lua files stay, and the place where other code begins again is marked', () => {
  // Line 1 is TypeScript, line 2 Lua line 1, line 3 TypeScript again.
  const table = keepLuaPositions(map('AAAA;ACAA;ADAA'), [undefined, 'lua/a.lua']);
  assert.deepEqual(table, { version: 3, sources: ['lua/a.lua'], names: [], mappings: ';AAAA;A' });
});

test('segments of one Lua line become one, the next line is kept', () => {
  // Three segments on one generated line: Lua line 1, line 1, line 3.
  const table = keepLuaPositions(map('ACAA,EAAA,EAEA'), [undefined, 'a.lua']);
  assert.equal(table.mappings, 'AAAA,IAEA');
});

test('a segment that names a call is kept with its name, unused names are dropped', () => {
  const table = keepLuaPositions(map('ACAA,EAAAC', ['unused', 'global f']), [undefined, 'a.lua']);
  assert.deepEqual(table.names, ['global f']);
  assert.equal(table.mappings, 'AAAA,EAAAA');
});

test('large and negative distances survive', () => {
  const far = keepLuaPositions(map('ACggCA;AADA'), [undefined, 'a.lua']);
  assert.equal(far.mappings, 'AAggCA;AADA');
});
