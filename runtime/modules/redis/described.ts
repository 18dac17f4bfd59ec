/** Arguments and results that many commands have. */
import {
  type Argument,
  error,
  int,
  type LuaValue,
  lax,
  result,
  type Slot,
  str,
  typeMismatch,
} from '../../host/index.ts';
import { redisValue } from './values.ts';

export const key = str('key');
export const field = str('field');
export const member = lax('member');
export const start = int('start');
export const stop = int('stop');

export const count = [result('count', 'integer?'), error];
export const done = [result('reply', 'string?'), error];
export const answer = [result('answer', 'boolean?'), error];
export const typed = [result('value', 'string|number|boolean?'), error];
export const number = [result('value', 'number?'), error];
export const list = [result('values', 'string[]?'), error];
export const fields = [result('fields', 'table<string, string>?'), error];

/** A bound of scores: a number, or a text as Redis reads it (`-inf`, `(5` for more than 5). */
export function bound(name: string): Argument<string> {
  const take = (value: LuaValue, slot: Slot, given: number): string =>
    typeof value === 'number' || typeof value === 'string'
      ? redisValue(value)
      : typeMismatch('number or string', value, slot, given);
  return Object.freeze({ name, type: 'number|string', optional: false, variadic: false, take });
}
