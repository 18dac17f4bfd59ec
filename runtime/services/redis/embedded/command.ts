/** The shape of a command of the embedded store, and reading its arguments. */
import { RedisError, type RedisReply } from '../connection.ts';
import type { Keyspace } from './keyspace.ts';

export type Run = (keyspace: Keyspace, args: readonly string[]) => RedisReply;

export interface StoreCommand {
  /** Fewest and most arguments without the name of the command. */
  readonly least: number;
  readonly most: number;
  readonly run: Run;
}

export type CommandTable = Readonly<Record<string, StoreCommand>>;

/** A command with exactly `count` arguments. */
export function exactly(count: number, run: Run): StoreCommand {
  return { least: count, most: count, run };
}

/** A command with `least` to `most` arguments. */
export function between(least: number, most: number, run: Run): StoreCommand {
  return { least, most, run };
}

export function atLeast(least: number, run: Run): StoreCommand {
  return { least, most: Number.POSITIVE_INFINITY, run };
}

export const SYNTAX_ERROR = 'ERR syntax error';
export const NOT_AN_INTEGER = 'ERR value is not an integer or out of range';
const NOT_A_FLOAT = 'ERR value is not a valid float';

export function fail(text: string): never {
  throw new RedisError(text);
}

/** The argument at `index`; commands are only run with enough arguments. */
export function argument(args: readonly string[], index: number): string {
  return args[index] ?? fail(SYNTAX_ERROR);
}

/** A whole number, exactly as Redis spells them: no blanks, no plus sign, no leading zeros. */
export function toInteger(text: string, message: string = NOT_AN_INTEGER): number {
  const value = Number(text);
  return /^(0|-?[1-9]\d*)$/.test(text) && Math.abs(value) <= Number.MAX_SAFE_INTEGER ? value : fail(message);
}

/** A number with fraction, exponent or infinity. */
export function toFloat(text: string, message: string = NOT_A_FLOAT): number {
  const word = /^([+-]?)inf(inity)?$/i.exec(text);
  if (word) return word[1] === '-' ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
  return /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text) ? Number(text) : fail(message);
}

/** Text of a float result: up to 17 digits, no exponent, no trailing zeros. */
export function fromFloat(value: number): string {
  if (!Number.isFinite(value)) return value > 0 ? 'inf' : '-inf';
  const text = String(value);
  if (!text.includes('e')) return text;
  return value.toFixed(Math.abs(value) < 1 ? 17 : 0).replace(/\.?0+$/, '');
}

/** Pairs of a flat list: `[a, 1, b, 2]` → `[[a, 1], [b, 2]]`; an odd number is the error of `command`. */
export function pairs(flat: readonly string[], command: string): readonly (readonly [string, string])[] {
  if (flat.length % 2 !== 0) fail(`ERR wrong number of arguments for '${command}' command`);
  return Array.from({ length: flat.length / 2 }, (_, index) => [
    argument(flat, 2 * index),
    argument(flat, 2 * index + 1),
  ]);
}

/**
 * The part of a list that `start` and `stop` (inclusive, negative from the end) select. The numbers are read before the
 * list is looked at, so that a wrong number is reported whatever the key holds.
 */
export function range(start: string, stop: string): <T>(list: readonly T[]) => T[] {
  const from = toInteger(start);
  const to = toInteger(stop);
  return (list) => {
    const end = (to < 0 ? to + list.length : to) + 1;
    return end <= 0 ? [] : list.slice(Math.max(0, from < 0 ? from + list.length : from), end);
  };
}

/** A pattern of KEYS and SCAN as a regular expression: `*`, `?`, `[a-z]`, `[^x]`, backslash. */
export function globPattern(glob: string): RegExp {
  let source = '';
  for (let i = 0; i < glob.length; i++) {
    const c = glob.charAt(i);
    const end = c === '[' ? glob.indexOf(']', i + 1) : -1;
    if (c === '*') source += '.*';
    else if (c === '?') source += '.';
    else if (c === '\\' && i + 1 < glob.length) source += quote(glob.charAt(++i));
    else if (end > 0) {
      source += characterClass(glob.slice(i + 1, end));
      i = end;
    } else source += quote(c);
  }
  return new RegExp(`^${source}$`, 's');
}

function characterClass(text: string): string {
  const negated = text.startsWith('^');
  const members = (negated ? text.slice(1) : text).replace(/[\\\]^[]/g, '\\$&');
  return members === '' ? '(?!)' : `[${negated ? '^' : ''}${members}]`;
}

function quote(c: string): string {
  return c.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&');
}
