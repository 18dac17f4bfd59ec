/**
 * Values across the border: deep copies without functions, metatables and identity. What a script stores for others, or
 * hands to the server, goes through here, so that no table is ever shared between two environments.
 */
import {
  chargeMemory,
  entries,
  identityText,
  LuaTable,
  type LuaValue,
  numberToString,
  raise,
  rawSet,
  typeName,
} from '../engine/api.ts';
import type { HostTable, HostValue } from '../login/script-state.ts';

/** Nesting beyond this is an error: a recursive table, or one that nobody means. */
const DEEPEST = 200;
/** Entries of one value, nested ones included. */
const MOST_ENTRIES = 1_000_000;
/** Rough size of an entry, for the memory budget. */
const BYTES_PER_ENTRY = 64;

interface Count {
  entries: number;
}

/**
 * A copy of a Lua value. Functions, userdata and threads become their text. Raises a Lua error for a table that contains
 * itself, is nested too deep or is too large.
 */
export function toHost(value: LuaValue): HostValue {
  if (value instanceof LuaTable) return tableToHost(value, 1, { entries: 0 });
  return scalarToHost(value);
}

function scalarToHost(value: Exclude<LuaValue, LuaTable>): HostValue {
  if (value === undefined) return null;
  if (typeof value === 'boolean' || typeof value === 'number' || typeof value === 'string') return value;
  return textOf(value);
}

function tableToHost(table: LuaTable, depth: number, count: Count): HostTable {
  if (depth > DEEPEST) raise('table is nested too deep or contains itself');
  const copy = new Map<boolean | number | string, HostValue>();
  for (const [key, value] of entries(table)) {
    count.entries += 1;
    if (count.entries > MOST_ENTRIES) raise('table has too many entries');
    const hostKey = typeof key === 'boolean' || typeof key === 'number' ? key : textOf(key);
    copy.set(hostKey, value instanceof LuaTable ? tableToHost(value, depth + 1, count) : scalarToHost(value));
  }
  return copy;
}

/** A fresh Lua value of a copy; null is nil. */
export function fromHost(value: HostValue): LuaValue {
  if (value === null) return undefined;
  return typeof value === 'object' ? tableFromHost(value) : value;
}

function tableFromHost(copy: HostTable): LuaTable {
  chargeMemory(copy.size * BYTES_PER_ENTRY);
  const table = new LuaTable();
  for (const [key, value] of copy) rawSet(table, key, fromHost(value));
  return table;
}

/** The text of a value as `tostring` gives it, without metamethods. */
export function textOf(value: LuaValue): string {
  switch (typeof value) {
    case 'string':
      return value;
    case 'number':
      return numberToString(value);
    case 'boolean':
      return String(value);
    case 'undefined':
      return 'nil';
    default:
      return `${typeName(value)}: ${identityText(value)}`;
  }
}

/** The values of a list (or any table) as texts, in order; keys do not matter. */
export function textsOf(table: LuaTable): string[] {
  const texts: string[] = [];
  for (const [, value] of entries(table)) texts.push(textOf(value));
  return texts;
}
