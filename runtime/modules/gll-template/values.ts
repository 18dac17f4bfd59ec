/** What a template sees of Lua values: lists, maps and scalars, and how they are printed. */
import { charge, entries, LuaTable, type LuaValue, raise, rawGet, textOf } from '../../host/index.ts';
import { formatFloat } from '../go/numbers.ts';

const DEEPEST = 100;

/** The largest positive whole number among the keys: a table that has one is a list of that length. */
export function listLength(table: LuaTable): number {
  let length = 0;
  for (const [key] of entries(table)) {
    if (typeof key === 'number' && key > length && Number.isInteger(key)) length = key;
  }
  return length;
}

/** The elements of a list, holes included. */
export function* elementsOf(table: LuaTable, length: number): Generator<LuaValue, void, undefined> {
  for (let at = 1; at <= length; at++) {
    charge(1);
    yield rawGet(table, at);
  }
}

/** The member of a map; lists have none. Keys that are no text go by their text. */
export function memberOf(value: LuaValue, name: string): LuaValue {
  if (!(value instanceof LuaTable) || listLength(value) > 0) return undefined;
  const direct = rawGet(value, name);
  if (direct !== undefined) return direct;
  for (const [key, member] of entries(value)) {
    if (typeof key !== 'string' && textOf(key) === name) return member;
  }
  return undefined;
}

/** Does a section of the value not appear? An empty table is a map and therefore something. */
export function isEmpty(value: LuaValue): boolean {
  if (value === undefined || value === false || value === 0) return true;
  return typeof value === 'string' && value.trim() === '';
}

/** The value as Go prints it. */
export function printed(value: LuaValue, depth = 0): string {
  if (value === undefined) return '<nil>';
  if (typeof value === 'number') return formatFloat(value);
  if (!(value instanceof LuaTable)) return textOf(value);
  if (depth > DEEPEST) return raise('table is nested too deep or contains itself');
  const length = listLength(value);
  if (length > 0) return `[${[...elementsOf(value, length)].map((each) => printed(each, depth + 1)).join(' ')}]`;
  const members = [...entries(value)].map(([key, member]) => [textOf(key), member] as const);
  members.sort(([a], [b]) => (a < b ? -1 : 1));
  return `map[${members.map(([key, member]) => `${key}:${printed(member, depth + 1)}`).join(' ')}]`;
}

const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&#34;',
  "'": '&#39;',
  '\0': '\xef\xbf\xbd',
};

export function escapeHtml(text: string): string {
  return text.replace(/[&<>"'\0]/g, (each) => ESCAPES[each]!);
}
