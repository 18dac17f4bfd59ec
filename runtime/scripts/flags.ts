/**
 * Values that scripts return. The document's constants are 0 and 1, older scripts return booleans, some nothing at all:
 * flags and results are read so that all of them mean what their author meant.
 */
import { type LuaValue, stringToNumber } from '../engine/api.ts';

/** Is a returned flag (trigger, abort, reject) set? nil, false and everything that reads as 0 mean no. */
export function isFlagSet(value: LuaValue): boolean {
  if (value === undefined || value === false || value === 0) return false;
  if (typeof value === 'string') return stringToNumber(value) !== 0;
  return true;
}

/** Result of a script as integer; what is no number counts as 0, which means OK. */
export function resultNumber(value: LuaValue): number {
  const number = typeof value === 'string' ? stringToNumber(value) : value;
  return typeof number === 'number' && !Number.isNaN(number) ? Math.trunc(number) : 0;
}
