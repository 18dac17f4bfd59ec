/**
 * Argument descriptions: one object says name, type for documentation, and how a Lua value is checked and taken.
 * Error texts are those of `luaL_argerror` (Lua 5.1 auxiliary library), conversions:
 * numbers are text where text is asked for, text is a number only for `num`.
 */
import type { HostField, HostParameter, HostResult } from '../contract/host.ts';
import {
  argumentError,
  type LuaFunction,
  LuaTable,
  type LuaValue,
  numberToString,
  stringToNumber,
  typeName,
} from '../engine/api.ts';

/** Where a value stands in a call. */
export interface Slot {
  /** Position among the arguments, from 1; the object before a `:` is number 1. */
  readonly index: number;
  /** For errors where the caller's own name for the function is not known. */
  readonly functionName: string;
}

export interface Argument<T> extends HostParameter {
  /** The object of a method: not listed as a parameter. */
  readonly isSelf?: true;
  /** `count` is the number of arguments given; raises a Lua error when the value does not fit. */
  readonly take: (value: LuaValue, slot: Slot, count: number) => T;
}

/** What the implementation receives for a list of argument descriptions. */
export type Taken<A extends readonly Argument<unknown>[]> = {
  [K in keyof A]: A[K] extends Argument<infer T> ? T : never;
};

/** Raise `bad argument #n to 'f' (… expected, got …)`. */
export function typeMismatch(expected: string, value: LuaValue, slot: Slot, count: number): never {
  const got = value === undefined && slot.index > count ? 'no value' : typeName(value);
  return argumentError(slot.index, slot.functionName, `${expected} expected, got ${got}`);
}

function argument<T>(name: string, type: string, take: Argument<T>['take']): Argument<T> {
  return Object.freeze({ name, type, optional: false, variadic: false, take });
}

function takeString(value: LuaValue, slot: Slot, count: number): string {
  if (typeof value === 'string') return value;
  if (typeof value === 'number') return numberToString(value);
  return typeMismatch('string', value, slot, count);
}

function takeNumber(value: LuaValue, slot: Slot, count: number): number {
  return numberOf(value) ?? typeMismatch('number', value, slot, count);
}

/** A number, or text that reads as one; undefined for everything else. */
export function numberOf(value: LuaValue): number | undefined {
  if (typeof value === 'number') return value;
  return typeof value === 'string' ? stringToNumber(value) : undefined;
}

/** Like a conversion to a 64-bit integer: truncated towards zero, not a number counts as 0. */
export function truncate(value: number): number {
  const whole = Math.trunc(value);
  return Number.isNaN(whole) ? 0 : whole + 0;
}

/** A byte string; numbers are converted. */
export const str = (name: string): Argument<string> => argument(name, 'string', takeString);

/** A number; text that reads as a number is converted. */
export const num = (name: string): Argument<number> => argument(name, 'number', takeNumber);

/** A number truncated towards zero; text is refused. */
export const int = (name: string): Argument<number> =>
  argument(name, 'integer', (value, slot, count) =>
    typeof value === 'number' ? truncate(value) : typeMismatch('number', value, slot, count),
  );

export const bool = (name: string): Argument<boolean> =>
  argument(name, 'boolean', (value, slot, count) =>
    typeof value === 'boolean' ? value : typeMismatch('boolean', value, slot, count),
  );

export const table = (name: string): Argument<LuaTable> =>
  argument(name, 'table', (value, slot, count) =>
    value instanceof LuaTable ? value : typeMismatch('table', value, slot, count),
  );

export const func = (name: string): Argument<LuaFunction> =>
  argument(name, 'function', (value, slot, count) =>
    typeof value === 'function' ? value : typeMismatch('function', value, slot, count),
  );

/** Any value, nil included, but it must be given. */
export const any = (name: string): Argument<LuaValue> =>
  argument(name, 'any', (value, slot, count) =>
    slot.index <= count ? value : argumentError(slot.index, slot.functionName, 'value expected'),
  );

/** Any value; a missing one is nil. */
export const lax = (name: string): Argument<LuaValue> =>
  Object.freeze({ name, type: 'any', optional: true, variadic: false, take: (value: LuaValue) => value });

/** May be left out or nil. */
export function optional<T>(inner: Argument<T>): Argument<T | undefined> {
  const take = (value: LuaValue, slot: Slot, count: number): T | undefined =>
    value === undefined ? undefined : inner.take(value, slot, count);
  return Object.freeze({ ...inner, optional: true, take });
}

/** May be left out, but when something is given, nil included, it must fit. */
export function trailing<T>(inner: Argument<T>): Argument<T | undefined> {
  const take = (value: LuaValue, slot: Slot, count: number): T | undefined =>
    slot.index > count ? undefined : inner.take(value, slot, count);
  return Object.freeze({ ...inner, optional: true, take });
}

/** All further arguments as one array; only in last place. */
export function rest<T>(inner: Argument<T>): Argument<readonly T[]> & { readonly each: Argument<T> } {
  const take = (): readonly T[] => [];
  return Object.freeze({ name: inner.name, type: inner.type, optional: true, variadic: true, take, each: inner });
}

/** A result description for documentation. */
export const result = (name: string, type: string): HostResult => Object.freeze({ name, type });

/** A value beside functions or a field of userdata, for documentation; the type is a LuaLS type. */
export const field = (name: string, type: string, doc: string): HostField => Object.freeze({ name, type, doc });

/** The second result of functions that return `nil, text` on failure. */
export const error: HostResult = result('err', 'string?');

/**
 * What the implementation receives for the values of one call; `before` arguments stand in front of them. Raises the Lua
 * error of the first value that does not fit.
 */
export function takeArguments<const A extends readonly Argument<unknown>[]>(
  args: A,
  values: readonly LuaValue[],
  functionName: string,
  before = 0,
): Taken<A> {
  const last = args[args.length - 1];
  const fixed = last?.variadic === true ? args.length - 1 : args.length;
  const count = before + values.length;
  const taken: unknown[] = [];
  for (let at = 0; at < fixed; at++) {
    taken.push(args[at]!.take(values[at], { index: before + at + 1, functionName }, count));
  }
  if (last?.variadic === true) {
    const each = itemOf(last);
    const further: unknown[] = [];
    for (let at = fixed; at < values.length; at++) {
      further.push(each.take(values[at], { index: before + at + 1, functionName }, count));
    }
    taken.push(further);
  }
  return taken as Taken<A>;
}

function itemOf(variadic: Argument<unknown>): Argument<unknown> {
  return 'each' in variadic ? (variadic.each as Argument<unknown>) : variadic;
}
