/**
 * Library functions that may take long have a second form that gives others turns while it works. Only code that may wait
 * calls it: a call of the first form is over when it returns.
 */
import type { LuaFunction } from '../contract/abi.ts';

const forms = new Map<LuaFunction, LuaFunction>();

/** `form` does what `fn` does, but may give an activation whatever its arguments are. */
export function registerInTurns(fn: LuaFunction, form: LuaFunction): void {
  forms.set(fn, form);
}

/** What to call in code that may wait: the form of `fn` that gives turns, if it has one. */
export function inTurns(fn: LuaFunction): LuaFunction {
  return forms.get(fn) ?? fn;
}
