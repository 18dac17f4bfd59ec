// biome-ignore-all lint/complexity/noArguments: a missing argument is told apart from nil without a rest array per call
/** The `table` library (Lua 5.1 manual, section 5.5). All access is raw. */
import type { HostFunction } from '../../contract/host.ts';
import {
  type Activation,
  charge,
  chargeMemory,
  defineLibrary,
  entries,
  first,
  isActivation,
  type LuaFunction,
  type LuaResult,
  type LuaTable,
  type LuaValue,
  nameBuiltin,
  nextEntry,
  noResults,
  raise,
  rawGet,
  rawLength,
  rawSet,
  registerInTurns,
  typeName,
} from '../api.ts';
import { numberToString } from '../strings/number.ts';
import { checkFunction, checkInteger, checkTable, optionalInteger, optionalString } from './arguments.ts';
import { describe } from './describe.ts';
import { sort, sortInTurns } from './table-sort.ts';

function concat(t: LuaValue, separator: LuaValue, i: LuaValue, j: LuaValue): LuaResult {
  const given = arguments.length;
  const between = optionalString(separator, '', 2, 'concat', given);
  const table = checkTable(t, 1, 'concat', given);
  const from = optionalInteger(i, 1, 3, 'concat', given);
  const to = j === undefined ? rawLength(table) : checkInteger(j, 4, 'concat', given);
  if (from > to) return '';
  const parts = readRange(table, from, to);
  let size = (to - from) * between.length;
  for (let k = 0; k < parts.length; k++) {
    let part = parts[k];
    if (typeof part !== 'string') {
      part = concatPart(part, from + k);
      parts[k] = part;
    }
    size += part.length;
  }
  charge(parts.length + (size >>> 6));
  chargeMemory(size);
  return parts.join(between);
}

function readRange(table: LuaTable, from: number, to: number): LuaValue[] {
  if (from >= 1 && to < table.$a.length) return table.$a.slice(from, to + 1);
  const values: LuaValue[] = [];
  for (let k = from; k <= to; k++) {
    charge(1);
    values.push(rawGet(table, k));
  }
  return values;
}

function concatPart(value: LuaValue, at: number): string {
  if (typeof value === 'string') return value;
  if (typeof value === 'number') return numberToString(value);
  return raise(`invalid value (${typeName(value)}) at index ${numberToString(at)} in table for 'concat'`);
}

function insert(t: LuaValue, position: LuaValue, value: LuaValue): LuaResult {
  const given = arguments.length;
  const table = checkTable(t, 1, 'insert', given);
  const length = rawLength(table);
  if (given === 2) rawSet(table, length + 1, position);
  else if (given === 3) insertAt(table, length, checkInteger(position, 2, 'insert', given), value);
  else raise("wrong number of arguments to 'insert'");
  return noResults();
}

/** Also below 1 everything from `position` on moves up, as far as the length goes; behind the end only the key is set. */
function insertAt(table: LuaTable, length: number, position: number, value: LuaValue): void {
  if (position >= 1 && position <= length && table.$a.length === length + 1) {
    rawSet(table, length + 1, table.$a[length]);
    const elements = table.$a;
    for (let k = length; k > position; k--) elements[k] = elements[k - 1];
    elements[position] = value;
    charge((length - position) >>> 2);
    return;
  }
  for (let k = length + 1; k > position; k--) {
    charge(1);
    rawSet(table, k, rawGet(table, k - 1));
  }
  rawSet(table, position, value);
}

function remove(t: LuaValue, position: LuaValue): LuaResult {
  const given = arguments.length;
  const table = checkTable(t, 1, 'remove', given);
  const length = rawLength(table);
  const at = optionalInteger(position, length, 2, 'remove', given);
  if (at < 1 || at > length) return noResults();
  return table.$a.length === length + 1 ? removeElement(table.$a, at) : removeKey(table, at, length);
}

/** All of 1 to the length is in the array part. */
function removeElement(elements: LuaValue[], at: number): LuaValue {
  const removed = elements[at];
  const last = elements.length - 1;
  for (let k = at; k < last; k++) elements[k] = elements[k + 1];
  elements.pop();
  charge((last - at) >>> 2);
  return removed;
}

function removeKey(table: LuaTable, at: number, length: number): LuaValue {
  const removed = rawGet(table, at);
  for (let k = at; k < length; k++) {
    charge(1);
    rawSet(table, k, rawGet(table, k + 1));
  }
  rawSet(table, length, undefined);
  return removed;
}

function maxn(t: LuaValue): LuaResult {
  const table = checkTable(t, 1, 'maxn', arguments.length);
  let largest = 0;
  for (const [key] of entries(table)) {
    charge(1);
    if (typeof key === 'number' && key > largest) largest = key;
  }
  return largest;
}

function getn(t: LuaValue): LuaResult {
  return rawLength(checkTable(t, 1, 'getn', arguments.length));
}

function setn(t: LuaValue): LuaResult {
  checkTable(t, 1, 'setn', arguments.length);
  return raise("'setn' is obsolete");
}

/** One call of a `foreach` per step; undefined when there are none left. */
type Steps = () => LuaResult | 'done';

function foreach(t: LuaValue, f: LuaValue): LuaResult {
  const table = checkTable(t, 1, 'foreach', arguments.length);
  return runSteps(tableSteps(table, checkFunction(f, 2, 'foreach', arguments.length)));
}

function tableSteps(table: LuaTable, f: LuaFunction): Steps {
  let key: LuaValue;
  return () => {
    const entry = nextEntry(table, key);
    if (entry === undefined) return 'done';
    key = entry[0];
    return f(key, entry[1]);
  };
}

function foreachi(t: LuaValue, f: LuaValue): LuaResult {
  const table = checkTable(t, 1, 'foreachi', arguments.length);
  return runSteps(listSteps(table, checkFunction(f, 2, 'foreachi', arguments.length)));
}

function listSteps(table: LuaTable, f: LuaFunction): Steps {
  const length = rawLength(table);
  let k = 0;
  return () => (++k > length ? 'done' : f(k, rawGet(table, k)));
}

/** Calls until a result is not nil, and returns that. */
function runSteps(step: Steps): LuaResult {
  for (;;) {
    charge(1);
    const result = step();
    if (result === 'done') return noResults();
    if (isActivation(result)) return resumeSteps(step, result);
    const value = first(result);
    if (value !== undefined) return value;
  }
}

const resumeSteps = nameBuiltin(function* (step: Steps, waiting: Activation): Activation {
  const value = first(yield* waiting);
  if (value !== undefined) return value;
  const rest = runSteps(step);
  return isActivation(rest) ? yield* rest : rest;
}, 'foreach');

/** All functions of `table`. */
export const tableLibrary = defineLibrary('table', {
  concat,
  foreach,
  foreachi,
  getn,
  insert,
  maxn,
  remove,
  setn,
  sort,
});

registerInTurns(sort, sortInTurns);

export const tableFunctions: readonly HostFunction[] = [
  describe(
    'sync',
    'concat(list: table, separator?: string, i?: integer, j?: integer): string',
    'The strings and numbers i to j, joined.',
  ),
  describe('callback', 'foreach(t: table, f: function): any', 'Calls f(key, value) until it returns a value.'),
  describe('callback', 'foreachi(list: table, f: function): any', 'Calls f(index, value) until it returns a value.'),
  describe('sync', 'getn(list: table): integer', 'The length, as the operator # without metamethods.'),
  describe('sync', 'insert(list: table, position: any, value?: any)', 'Inserts at a position, or appends.'),
  describe('sync', 'maxn(t: table): number', 'The largest positive number among the keys.'),
  describe('sync', 'remove(list: table, position?: integer): any', 'Takes out the element at a position, or the last.'),
  describe('sync', 'setn(list: table, n: integer)', 'Obsolete: raises an error.'),
  describe('callback', 'sort(list: table, less?: function)', 'Sorts in place; equal elements keep their order.'),
];
