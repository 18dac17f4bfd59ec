/**
 * Lua tables and raw access to them.
 *
 * Invariants:
 * - `$a[0]` is a filler, key i is `$a[i]` for every integer 1 ≤ i < `$a.length`; gaps hold `undefined`. The key
 *   `$a.length` is never in `m`, so `$a.length - 1` (after trimming trailing nils) is a border.
 * - `$h` holds string keys that do not begin with a digit (JS would reorder "10"); a key set to nil keeps its slot.
 *   The shared `NO_STRINGS` becomes an object of its own, and is taken again when many keys with computed names turn
 *   the table into a dictionary; then the former object holds no value any more.
 * - `m` holds every other key. A key set to nil stays with value `undefined` until the map is compacted.
 * - `pairs` order is array part, `$h`, `m`; so that this is the order of insertion, a new string key goes to `m` once
 *   `m` exists, and the descriptor is `dictionary` from then on.
 * - `$mt` is of kind `normal` only if a string key may be written into `$h` directly: `$h` is the table's own, `m` is
 *   null, nothing watches the table (and its metatable has no `__newindex`: there `normal` blocks as well).
 */
import type { LuaValue, StringPart, TableLayout } from '../contract/abi.ts';
import {
  BLOCKED,
  type Meta,
  MetaFamily,
  NO_ELEMENTS,
  NO_PROTOTYPE,
  NO_STRINGS,
  Strings,
  type TableExtra,
} from './descriptor.ts';
import { LuaError } from './error.ts';

/** More new keys than this through `t[k] = v` and further ones go to the map: V8 would make `$h` a slow object. */
const DYNAMIC_KEYS = 12;
/** A number key at most this far behind the array part may extend it. */
const LARGEST_GAP = 16;
/** Maps smaller than this are not worth compacting. */
const COMPACT_FROM = 16;

export class LuaTable implements TableLayout {
  $h: StringPart;
  $a: LuaValue[];
  $mt: Meta;
  m: Map<LuaValue, LuaValue> | null = null;
  x: TableExtra | null = null;
  /** While `m` is null: string keys inserted by a computed name. Then: entries of `m` whose value is nil. */
  d = 0;

  /** With a string part of its own, `meta` must be of kind `normal`. */
  constructor(strings: StringPart = NO_STRINGS, elements: LuaValue[] = NO_ELEMENTS, meta: Meta = PLAIN.guarded) {
    this.$h = strings;
    this.$a = elements;
    this.$mt = meta;
  }
}

/** The descriptors of tables without metatable. */
export const PLAIN: MetaFamily = new MetaFamily(undefined, undefined);
/** Stands for "no `__index` table": empty, and its descriptor is not `PLAIN.normal`, so nobody takes a miss for nil. */
export const NO_TABLE: LuaTable = new LuaTable(NO_STRINGS, NO_ELEMENTS, PLAIN.dictionary);
for (const kind of ['normal', 'guarded', 'dictionary', 'object'] as const) PLAIN[kind].ix = NO_TABLE;
PLAIN.normal.leaf = true;
PLAIN.guarded.leaf = true;
PLAIN.guarded.nih = BLOCKED;
PLAIN.guarded.up = PLAIN.normal;
PLAIN.dictionary.nih = BLOCKED;
PLAIN.object.ni = BLOCKED;
PLAIN.object.nih = BLOCKED;
PLAIN.object.ln = BLOCKED;

/** May the key be a property of `$h`? Not if JS might take it for an element index. */
function isPropertyName(key: string): boolean {
  const first = key.charCodeAt(0);
  return !(first >= 48 && first <= 57);
}

/** `t[key]` without metamethods (Lua 5.1 manual, `rawget`). */
export function rawGet(table: LuaTable, key: LuaValue): LuaValue {
  if (typeof key === 'string') return rawGetString(table, key);
  if (typeof key === 'number') return rawGetNumber(table, key);
  return table.m === null ? undefined : table.m.get(key);
}

export function rawGetString(table: LuaTable, key: string): LuaValue {
  if (table.$h !== NO_STRINGS && isPropertyName(key)) {
    const value = table.$h[key];
    if (value !== undefined) return value;
  }
  return table.m === null ? undefined : table.m.get(key);
}

export function rawGetNumber(table: LuaTable, key: number): LuaValue {
  const value = table.$a[key];
  if (value !== undefined || table.m === null) return value;
  return table.m.get(key);
}

/** `t[key] = value` without metamethods (`rawset`). Throws Lua's `table index is nil` or `… NaN`, without position. */
export function rawSet(table: LuaTable, key: LuaValue, value: LuaValue): void {
  if (typeof key === 'string') rawSetString(table, key, value);
  else if (typeof key === 'number') rawSetNumber(table, key, value);
  else if (key === undefined) throw new LuaError('table index is nil');
  else setInMap(table, key, value);
}

export function rawSetNumber(table: LuaTable, key: number, value: LuaValue): void {
  const elements = table.$a;
  const end = elements.length;
  if (key === end) {
    if (value !== undefined) append(table, value);
  } else if (key > 0 && key < end && Number.isInteger(key)) {
    elements[key] = value;
  } else if (Number.isNaN(key)) {
    throw new LuaError('table index is NaN');
  } else if (value !== undefined && mayExtend(end, key)) {
    extend(table, key, value);
  } else {
    setInMap(table, key, value);
  }
}

/** Only called for key = `$a.length`; takes over what follows from the map. */
function append(table: LuaTable, value: LuaValue): void {
  if (table.$a === NO_ELEMENTS) table.$a = [undefined, value];
  else table.$a.push(value);
  if (table.m !== null) takeOver(table, table.m);
}

function takeOver(table: LuaTable, map: Map<LuaValue, LuaValue>): void {
  const elements = table.$a;
  for (let next = map.get(elements.length); next !== undefined; next = map.get(elements.length)) {
    map.delete(elements.length);
    elements.push(next);
  }
  if (map.has(elements.length)) {
    map.delete(elements.length);
    table.d--;
  }
}

/** A gap is filled only if three quarters of the array part stay full: sparse keys must not cost memory. */
function mayExtend(end: number, key: number): boolean {
  const gap = key - end;
  return gap > 0 && gap <= LARGEST_GAP && end > 3 * gap && Number.isInteger(key);
}

function extend(table: LuaTable, key: number, value: LuaValue): void {
  const { $a: elements, m: map } = table;
  while (elements.length < key) {
    const at = elements.length;
    elements.push(map?.get(at));
    map?.delete(at);
  }
  map?.delete(key);
  append(table, value);
}

/** Sets a key that cannot be in `$h` or `$a`. */
function setInMap(table: LuaTable, key: LuaValue, value: LuaValue): void {
  const map = table.m;
  if (map === null) {
    if (value !== undefined) startMap(table).set(key, value);
  } else if (value === undefined) {
    removeFromMap(table, map, key);
  } else if (table.d === 0) {
    // No key of the map is nil: whether this one is new shows in the size, without a look-up of its own.
    const { size } = map;
    map.set(key, value);
    if (typeof key === 'number' && map.size !== size) moveIfDense(table);
  } else {
    const old = map.get(key);
    if (old === undefined) insertInMap(table, map, key);
    table.m?.set(key, value);
    if (old === undefined && typeof key === 'number') moveIfDense(table);
  }
}

function removeFromMap(table: LuaTable, map: Map<LuaValue, LuaValue>, key: LuaValue): void {
  if (map.get(key) === undefined) return;
  map.set(key, undefined);
  table.d++;
}

/** Number keys below this may join the array part when they are dense. */
const LARGEST_INDEX = 2 ** 26;
const MOVE_FROM = 4;

/**
 * When the map has grown to the next power of two: moves number keys to the array part, if more than half of its slots
 * will be in use (as `rehash` of Lua 5.1). So arrays that begin at 2, or are filled from behind, end as arrays.
 */
function moveIfDense(table: LuaTable): void {
  const map = table.m;
  if (map === null || map.size < MOVE_FROM || (map.size & (map.size - 1)) !== 0) return;
  const candidates: number[] = [];
  for (const [key, value] of map) {
    if (typeof key === 'number' && value !== undefined && key > 0 && key < LARGEST_INDEX && Number.isInteger(key)) {
      candidates.push(key);
    }
  }
  const size = densestSize(candidates, table.$a.length - 1);
  if (size > 0)
    moveToArray(
      table,
      map,
      candidates.filter((key) => key <= size),
    );
}

/** The largest power of two so that more than half of the slots up to it are in use; 0 if that gains nothing. */
function densestSize(candidates: readonly number[], inArray: number): number {
  const counts: number[] = [];
  for (const key of candidates) {
    const bin = Math.ceil(Math.log2(key));
    counts[bin] = (counts[bin] ?? 0) + 1;
  }
  let best = 0;
  let used = inArray;
  for (let bin = 0, size = 1; bin < counts.length; bin++, size *= 2) {
    used += counts[bin] ?? 0;
    if (size > inArray && used > size / 2) best = size;
  }
  return best;
}

function moveToArray(table: LuaTable, map: Map<LuaValue, LuaValue>, keys: readonly number[]): void {
  if (table.$a === NO_ELEMENTS) table.$a = [undefined];
  const elements = table.$a;
  const last = keys.reduce((a, b) => Math.max(a, b), 0);
  while (elements.length <= last) elements.push(map.get(elements.length));
  // Below `last` everything is in the array part now, keys set to nil as well.
  for (const [key, value] of [...map]) {
    if (typeof key !== 'number' || key < 1 || key > last || !Number.isInteger(key)) continue;
    map.delete(key);
    if (value === undefined) table.d--;
  }
  takeOver(table, map);
  if (map.size === 0 && table.$mt.kind !== 'dictionary') dropMap(table);
}

/** A table without map is appended to more quickly. */
function dropMap(table: LuaTable): void {
  table.m = null;
  table.d = 0;
  freeStrings(table);
}

function startMap(table: LuaTable): Map<LuaValue, LuaValue> {
  const map = new Map<LuaValue, LuaValue>();
  table.m = map;
  table.d = 0;
  if (table.$mt.kind === 'normal') table.$mt = table.$mt.family.guarded;
  return map;
}

function insertInMap(table: LuaTable, map: Map<LuaValue, LuaValue>, key: LuaValue): void {
  if (map.has(key)) {
    table.d--;
  } else if (map.size >= COMPACT_FROM && table.d * 2 > map.size) {
    table.m = new Map([...map].filter(([, value]) => value !== undefined));
    table.d = 0;
  }
}

export function rawSetString(table: LuaTable, key: string, value: LuaValue): void {
  storeString(table, key, value);
  if (table.x !== null) stringKeyChanged(table, key);
}

function storeString(table: LuaTable, key: string, value: LuaValue): void {
  if (table.m !== null && table.$h === NO_STRINGS) {
    setStringInMap(table, key, value);
  } else if (!isPropertyName(key)) {
    if (value !== undefined || table.m !== null) setStringInMap(table, key, value);
  } else if (table.$h[key] !== undefined) {
    table.$h[key] = value;
  } else if (value === undefined) {
    if (table.m !== null) setInMap(table, key, undefined);
  } else if (table.$h !== NO_STRINGS && Object.hasOwn(table.$h, key)) {
    table.$h[key] = value;
  } else {
    insertString(table, key, value);
  }
}

/** A key that `$h` does not know, with a value. */
function insertString(table: LuaTable, key: string, value: LuaValue): void {
  if (table.m !== null) {
    setStringInMap(table, key, value);
  } else if (table.d < DYNAMIC_KEYS || isLibrary(table)) {
    table.d++;
    ownStrings(table)[key] = value;
  } else {
    becomeDictionary(table);
    setStringInMap(table, key, value);
  }
}

/** Does the table lie over the shared base of a library (environment.ts)? Such tables keep their string part. */
function isLibrary(table: LuaTable): boolean {
  return Object.getPrototypeOf(table.$h) !== NO_PROTOTYPE;
}

/** Moves all string keys to the map. Descriptors that hold `$h` as inherited keys find it empty and ask further. */
function becomeDictionary(table: LuaTable): void {
  const strings = table.$h;
  const map = startMap(table);
  for (const name of Object.keys(strings)) {
    const value = strings[name];
    if (value !== undefined) map.set(name, value);
    strings[name] = undefined;
  }
  table.$h = NO_STRINGS;
}

function setStringInMap(table: LuaTable, key: string, value: LuaValue): void {
  setInMap(table, key, value);
  if (table.$mt.kind !== 'dictionary') table.$mt = table.$mt.family.dictionary;
}

/** The table's own string part, made if it has none. */
export function ownStrings(table: LuaTable): StringPart {
  if (table.$h === NO_STRINGS) {
    table.$h = new Strings();
    freeStrings(table);
  }
  return table.$h;
}

/** Lets constant names be written directly again, if nothing else forbids it. */
export function freeStrings(table: LuaTable): void {
  const watched = table.x !== null && table.x.watchers !== null;
  if (table.$mt.kind === 'guarded' && table.m === null && !watched && table.$h !== NO_STRINGS) {
    table.$mt = table.$mt.family.normal;
  }
}

type KeyObserver = (table: LuaTable, key: string) => void;

let stringKeyChanged: KeyObserver = () => {};

/** metatable.ts keeps descriptors right by being told of every string key set in a table that has `x`. */
export function observeStringKeys(observer: KeyObserver): void {
  stringKeyChanged = observer;
}

/** `#t` without `__len`: a border; trailing nils of the array part are dropped. */
export function rawLength(table: LuaTable): number {
  const elements = table.$a;
  let last = elements.length - 1;
  if (last === 0 || elements[last] !== undefined) return last;
  // Popping one by one is cheaper than setting the length, and each was pushed once.
  for (; last > 0 && elements[last] === undefined; last--) elements.pop();
  return last;
}

/** A list of the values, nil included: key i + 1 holds `values[i]`. */
export function tableFromArray(values: readonly LuaValue[]): LuaTable {
  if (values.length === 0) return new LuaTable();
  return new LuaTable(NO_STRINGS, [undefined, ...values]);
}

/**
 * A table over fields that the caller has made and gives away: names that do not begin with a digit, nothing inherited.
 * For records with a fixed set of names, whose fields then stay quick to read.
 */
export function tableOver(fields: StringPart): LuaTable {
  return new LuaTable(fields, NO_ELEMENTS, PLAIN.normal);
}

/** Later entries win. Throws like `rawSet`. */
export function tableFromEntries(pairs: Iterable<readonly [LuaValue, LuaValue]>): LuaTable {
  const table = new LuaTable();
  for (const [key, value] of pairs) rawSet(table, key, value);
  return table;
}
