/**
 * Argument checks of the standard library with the texts of Lua 5.1's auxiliary library. `given` is the number of
 * arguments of the call (`arguments.length`): a missing argument is reported as `no value`, a nil one as `nil`.
 */
import { argumentError, type LuaFunction, LuaTable, type LuaValue, typeName } from '../api.ts';
import { numberToString, stringToNumber } from '../strings/number.ts';

/** `bad argument #1 to 'rep' (string expected, got nil)` */
export function expected(what: string, value: LuaValue, index: number, name: string, given: number): never {
  const got = index > given ? 'no value' : typeName(value);
  return argumentError(index, name, `${what} expected, got ${got}`);
}

/** A string, or a number as its text. */
export function checkString(value: LuaValue, index: number, name: string, given: number): string {
  if (typeof value === 'string') return value;
  if (typeof value === 'number') return numberToString(value);
  return expected('string', value, index, name, given);
}

/** A number, or a numeric string. */
export function checkNumber(value: LuaValue, index: number, name: string, given: number): number {
  if (typeof value === 'number') return value;
  const converted = typeof value === 'string' ? stringToNumber(value) : undefined;
  return converted ?? expected('number', value, index, name, given);
}

const SMALLEST_LONG = -(2 ** 63);

/** A number cut towards zero; NaN, infinities and what exceeds 64 bits become the smallest integer, as C casts it. */
export function checkInteger(value: LuaValue, index: number, name: string, given: number): number {
  const n = Math.trunc(checkNumber(value, index, name, given));
  return n >= SMALLEST_LONG && n < -SMALLEST_LONG ? n + 0 : SMALLEST_LONG;
}

/** `fallback` for nil and no value. */
export function optionalInteger(value: LuaValue, fallback: number, index: number, name: string, given: number): number {
  return value === undefined ? fallback : checkInteger(value, index, name, given);
}

export function optionalString(value: LuaValue, fallback: string, index: number, name: string, given: number): string {
  return value === undefined ? fallback : checkString(value, index, name, given);
}

export function checkTable(value: LuaValue, index: number, name: string, given: number): LuaTable {
  return value instanceof LuaTable ? value : expected('table', value, index, name, given);
}

export function checkFunction(value: LuaValue, index: number, name: string, given: number): LuaFunction {
  return typeof value === 'function' ? value : expected('function', value, index, name, given);
}

/** Anything, nil included, but something. */
export function checkAny(index: number, name: string, given: number): void {
  if (index > given) argumentError(index, name, 'value expected');
}

/** A 1-based position in a string; negative ones count from the end, 0 is before the start. */
export function fromEnd(position: number, length: number): number {
  return position >= 0 ? position : Math.max(position + length + 1, 0);
}
