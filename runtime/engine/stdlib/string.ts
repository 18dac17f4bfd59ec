// biome-ignore-all lint/complexity/noArguments: a missing argument is told apart from nil without a rest array per call
/** The `string` library (Lua 5.1 manual, section 5.4): bytes, C locale. */
import type { HostFunction } from '../../contract/host.ts';
import {
  argumentError,
  charge,
  chargeMemory,
  defineLibrary,
  type LuaResult,
  type LuaValue,
  noResults,
  raise,
  raiseValue,
  registerInTurns,
  resultsFrom,
} from '../api.ts';
import { fromBuffer, isAscii, toBuffer } from '../bytes.ts';
import { checkFunction, checkInteger, checkString, fromEnd, optionalInteger } from './arguments.ts';
import { describe } from './describe.ts';
import { format } from './string-format.ts';
import { gsub, gsubInTurns } from './string-gsub.ts';
import { find, findInTurns, gmatch, match, matchInTurns } from './string-patterns.ts';

/** V8's longest string. */
const LONGEST_STRING = 2 ** 29 - 24;
/** More results than this from one call of `byte` are refused. */
const MOST_BYTES = 1_000_000;

function byte(s: LuaValue, i: LuaValue, j: LuaValue): LuaResult {
  const given = arguments.length;
  const text = typeof s === 'string' ? s : checkString(s, 1, 'byte', given);
  if (j === undefined && typeof i === 'number' && i >= 1) {
    const code = text.charCodeAt(i - 1);
    return Number.isNaN(code) ? noResults() : code;
  }
  const from = fromEnd(optionalInteger(i, 1, 2, 'byte', given), text.length);
  const to = fromEnd(optionalInteger(j, from, 3, 'byte', given), text.length);
  return bytes(text, Math.max(from, 1), Math.min(to, text.length));
}

function bytes(text: string, from: number, to: number): LuaResult {
  if (from > to) return noResults();
  if (from === to) return text.charCodeAt(from - 1);
  if (to - from >= MOST_BYTES) raise('string slice too long');
  charge(to - from);
  const codes: LuaValue[] = [];
  for (let at = from - 1; at < to; at++) codes.push(text.charCodeAt(at));
  return resultsFrom(codes);
}

function char(...codes: LuaValue[]): LuaResult {
  if (codes.length === 1) return String.fromCharCode(checkCode(codes[0], 1, 1));
  let text = '';
  for (let k = 0; k < codes.length; k++) text += String.fromCharCode(checkCode(codes[k], k + 1, codes.length));
  return text;
}

function checkCode(value: LuaValue, index: number, given: number): number {
  const code = checkInteger(value, index, 'char', given);
  return code >= 0 && code <= 255 ? code : argumentError(index, 'char', 'invalid value');
}

function dump(f: LuaValue): LuaResult {
  checkFunction(f, 1, 'dump', arguments.length);
  return raise('unable to dump given function');
}

function len(s: LuaValue): LuaResult {
  return typeof s === 'string' ? s.length : checkString(s, 1, 'len', arguments.length).length;
}

function lower(s: LuaValue): LuaResult {
  const text = checkString(s, 1, 'lower', arguments.length);
  charge(text.length >>> 6);
  return isAscii(text) ? text.toLowerCase() : text.replace(/[A-Z]+/g, (letters) => letters.toLowerCase());
}

function upper(s: LuaValue): LuaResult {
  const text = checkString(s, 1, 'upper', arguments.length);
  charge(text.length >>> 6);
  return isAscii(text) ? text.toUpperCase() : text.replace(/[a-z]+/g, (letters) => letters.toUpperCase());
}

function rep(s: LuaValue, n: LuaValue): LuaResult {
  const given = arguments.length;
  const text = checkString(s, 1, 'rep', given);
  const count = checkInteger(n, 2, 'rep', given);
  if (count <= 0 || text === '') return '';
  const size = text.length * count;
  if (size > LONGEST_STRING) raiseValue('not enough memory');
  charge(size >>> 6);
  chargeMemory(size);
  return text.repeat(count);
}

function reverse(s: LuaValue): LuaResult {
  const text = checkString(s, 1, 'reverse', arguments.length);
  charge(text.length >>> 6);
  return fromBuffer(toBuffer(text).reverse());
}

function sub(s: LuaValue, i: LuaValue, j: LuaValue): LuaResult {
  // Whole numbers that count from the start need no conversion.
  if (typeof s === 'string' && typeof i === 'number' && i > 0 && (i | 0) === i) {
    if (j === undefined || j === -1) return s.slice(i - 1);
    if (typeof j === 'number' && j >= 0 && (j | 0) === j) return s.slice(i - 1, j);
  }
  const given = arguments.length;
  const text = checkString(s, 1, 'sub', given);
  const from = Math.max(fromEnd(checkInteger(i, 2, 'sub', given), text.length), 1);
  const to = fromEnd(optionalInteger(j, -1, 3, 'sub', given), text.length);
  return text.slice(from - 1, to);
}

/** All functions and constants of `string`; `gfind` is the old name of `gmatch`. */
export const stringLibrary = defineLibrary('string', {
  byte,
  char,
  dump,
  find,
  format,
  gfind: gmatch,
  gmatch,
  gsub,
  len,
  lower,
  match,
  rep,
  reverse,
  sub,
  upper,
});

registerInTurns(find, findInTurns);
registerInTurns(match, matchInTurns);
registerInTurns(gsub, gsubInTurns);

export const stringFunctions: readonly HostFunction[] = [
  describe('sync', 'byte(s: string, i?: integer, j?: integer): integer', 'Codes of the bytes i to j.'),
  describe('sync', 'char(...: integer): string', 'The string of these byte codes.'),
  describe('sync', 'dump(f: function): string', 'Not supported: raises an error.'),
  describe(
    'sync',
    'find(s: string, pattern: string, init?: integer, plain?: boolean): integer, integer, any',
    'First match of a pattern: where it starts and ends, and its captures.',
  ),
  describe('callback', 'format(format: string, ...: any): string', 'Text with values filled in, as in C.'),
  describe('sync', 'gfind(s: string, pattern: string): function', 'The old name of gmatch.'),
  describe('sync', 'gmatch(s: string, pattern: string): function', 'Iterator over the captures of all matches.'),
  describe(
    'callback',
    'gsub(s: string, pattern: string, replacement: any, limit?: integer): string, integer',
    'Text with matches replaced by a string, table field or function result, and their number.',
  ),
  describe('sync', 'len(s: string): integer', 'Number of bytes.'),
  describe('sync', 'lower(s: string): string', 'Text with ASCII letters in lower case.'),
  describe('sync', 'match(s: string, pattern: string, init?: integer): any', 'Captures of the first match, or nil.'),
  describe('sync', 'rep(s: string, n: integer): string', 'The string n times.'),
  describe('sync', 'reverse(s: string): string', 'The bytes in opposite order.'),
  describe('sync', 'sub(s: string, i: integer, j?: integer): string', 'The bytes i to j; negative ones from the end.'),
  describe('sync', 'upper(s: string): string', 'Text with ASCII letters in upper case.'),
];
