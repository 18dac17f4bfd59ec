/** Result attributes of a login: name → list of values, and the rules by which scripts fill and change them. */
import type { HostTable, HostValue } from './script-state.ts';

/** Strings are byte strings; a value that is still a table is a nested one. */
export type AttributeValue = HostValue;

export type Attributes = ReadonlyMap<string, readonly AttributeValue[]>;

export const NO_ATTRIBUTES: Attributes = new Map();

/** First value of an attribute as text, '' without one: how account, display name and unique id are read. */
export function firstText(attributes: Attributes, name: string): string {
  if (name === '') return '';
  const value = attributes.get(name)?.[0];
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
}

/** A table that a script returned: string keys become attributes, other keys are dropped. */
export function attributesFrom(table: ReadonlyMap<boolean | number | string, HostValue>): Attributes {
  const attributes = new Map<string, readonly AttributeValue[]>();
  for (const [name, value] of table) {
    if (typeof name === 'string') attributes.set(name, valuesOf(value));
  }
  return attributes;
}

/** A table like `{ "staff", "admins" }` is several values, everything else is one. */
export function valuesOf(value: HostValue): readonly AttributeValue[] {
  if (value === null) return [];
  if (!isTable(value)) return [value];
  return isList(value) ? [...value.values()] : [value];
}

/** Is it a nested table? */
export function isTable(value: HostValue): value is HostTable {
  return typeof value === 'object' && value !== null;
}

/** Are the keys exactly 1 to n, in order? An empty table is a list without values. */
export function isList(table: HostTable): boolean {
  let expected = 1;
  for (const key of table.keys()) {
    if (key !== expected) return false;
    expected += 1;
  }
  return true;
}

/** What filters may do: remove first, then add what does not exist yet. Returns a new map, the given one is kept. */
export function mergeAttributes(
  attributes: Attributes,
  removed: ReadonlySet<string>,
  added: ReadonlyMap<string, HostValue>,
): Attributes {
  if (removed.size === 0 && added.size === 0) return attributes;
  const merged = new Map(attributes);
  for (const name of removed) merged.delete(name);
  for (const [name, value] of added) {
    if (!merged.has(name)) merged.set(name, valuesOf(value));
  }
  return merged;
}
