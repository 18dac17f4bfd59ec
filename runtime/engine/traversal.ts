/** Traversal of tables: `pairs`, `ipairs`, `next`. Order and what may change meanwhile: table.ts. */
import type { LuaValue, StringPart } from '../contract/abi.ts';
import { NO_PROTOTYPE } from './descriptor.ts';
import { LuaError } from './error.ts';
import { type LuaTable, rawGetNumber } from './table.ts';

/**
 * A position in a traversal. Between steps the table may get other values and nil for existing keys; keys added then may
 * or may not appear.
 */
export class TableCursor {
  readonly table: LuaTable;
  /** The entry the last successful `step` came to. */
  k: LuaValue = undefined;
  v: LuaValue = undefined;
  private index = 0;
  private names: readonly string[] | null = null;
  private nextName = 0;
  private map: Map<LuaValue, LuaValue> | null = null;
  private pairs: Iterator<[LuaValue, LuaValue]> | null = null;

  constructor(table: LuaTable) {
    this.table = table;
  }

  /** Goes to the next entry; false at the end. */
  step(): boolean {
    const elements = this.table.$a;
    let at = this.index + 1;
    for (; at < elements.length; at++) {
      const value = elements[at];
      if (value !== undefined) {
        this.index = at;
        this.k = at;
        this.v = value;
        return true;
      }
    }
    this.index = at - 1;
    return this.stepName();
  }

  private stepName(): boolean {
    const strings = this.table.$h;
    this.names ??= namesOf(strings);
    while (this.nextName < this.names.length) {
      const name = this.names[this.nextName++] as string;
      const value = strings[name];
      if (value !== undefined) {
        this.k = name;
        this.v = value;
        return true;
      }
    }
    return this.table.m !== null && this.stepMap(this.table.m);
  }

  private stepMap(map: Map<LuaValue, LuaValue>): boolean {
    if (this.pairs === null) this.startMap(map);
    const pairs = this.pairs as Iterator<[LuaValue, LuaValue]>;
    for (let next = pairs.next(); next.done !== true; next = pairs.next()) {
      const key = next.value[0];
      // A table that was cleaned up meanwhile has another map.
      const value = map === this.map ? next.value[1] : map.get(key);
      if (value !== undefined) {
        this.k = key;
        this.v = value;
        return true;
      }
    }
    return false;
  }

  private startMap(map: Map<LuaValue, LuaValue>): Iterator<[LuaValue, LuaValue]> {
    this.map = map;
    this.pairs = map.entries();
    return this.pairs;
  }

  /** Goes to the entry with this key, which may meanwhile be nil; false if the table never had it. */
  seek(key: LuaValue): boolean {
    this.k = key;
    if (key === undefined) return true;
    if (typeof key === 'number' && key > 0 && key < this.table.$a.length && Number.isInteger(key)) {
      this.index = key;
      return true;
    }
    this.index = this.table.$a.length - 1;
    this.names = namesOf(this.table.$h);
    this.nextName = typeof key === 'string' ? this.names.indexOf(key) + 1 : 0;
    if (this.nextName > 0) return true;
    this.nextName = this.names.length;
    return this.seekInMap(key);
  }

  private seekInMap(key: LuaValue): boolean {
    if (!this.table.m?.has(key)) return false;
    const pairs = this.startMap(this.table.m);
    for (let next = pairs.next(); next.done !== true; next = pairs.next()) {
      const at = next.value[0];
      if (at === key || (key === 0 && at === 0)) return true;
    }
    return false;
  }
}

/** A traversal by `ipairs`. */
export class ListCursor {
  readonly table: LuaTable;
  k = 0;
  v: LuaValue = undefined;

  constructor(table: LuaTable) {
    this.table = table;
  }

  step(): boolean {
    this.k++;
    this.v = rawGetNumber(this.table, this.k);
    return this.v !== undefined;
  }
}

/** Own names first, then those of a library's shared base (environment.ts) that are not hidden. */
function namesOf(strings: StringPart): readonly string[] {
  if (Object.getPrototypeOf(strings) === NO_PROTOTYPE) return Object.keys(strings);
  const names: string[] = [];
  for (const name in strings) names.push(name);
  return names;
}

/** Traversals by `next` under way: each call usually continues one of them. A few, for nested traversals. */
const recent: (TableCursor | undefined)[] = [undefined, undefined, undefined, undefined];
let oldest = 0;

/**
 * The entry after `key` (Lua 5.1 manual, `next`); `undefined` as key starts, undefined is the end. Throws Lua's
 * `invalid key to 'next'` without position.
 */
export function nextEntry(table: LuaTable, key: LuaValue): readonly [LuaValue, LuaValue] | undefined {
  const cursor = cursorAt(table, key);
  return cursor.step() ? [cursor.k, cursor.v] : undefined;
}

/** A cursor at `key`, an old one if possible: then a whole traversal by `next` is linear. */
export function cursorAt(table: LuaTable, key: LuaValue): TableCursor {
  if (key !== undefined) {
    for (const cursor of recent) {
      if (cursor !== undefined && cursor.table === table && cursor.k === key) return cursor;
    }
  }
  const cursor = new TableCursor(table);
  if (!cursor.seek(key)) throw new LuaError("invalid key to 'next'");
  recent[oldest] = cursor;
  oldest = (oldest + 1) % recent.length;
  return cursor;
}

/** Drops what `next` remembers, so that no table outlives its task. */
export function forgetCursors(): void {
  recent.fill(undefined);
}

/** All entries in `pairs` order; the table may be changed as in a traversal. */
export function* entries(table: LuaTable): Generator<readonly [LuaValue, LuaValue], void, undefined> {
  const cursor = new TableCursor(table);
  while (cursor.step()) yield [cursor.k, cursor.v];
}
