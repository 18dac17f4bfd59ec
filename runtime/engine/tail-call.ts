/** Tail calls that may lead back to their own function, so that no number of them overflows the stack. */
import type { Activation, LuaFunction, LuaResult, LuaValue, Multi, TailRegisters } from '../contract/abi.ts';
import { isActivation } from './call.ts';
import { caller } from './registers.ts';

const NOTHING: LuaFunction = () => undefined;

export const T: TailRegisters = { next: 0, fn: NOTHING, args: [] };

/** So that no value outlives its task. */
export function forgetTailCall(): void {
  T.fn = NOTHING;
  T.args = [];
}

/** Returned by a function of a cycle of tail calls that wants the call in `T` to be made in its place. */
export const TAIL: Multi = Object.freeze({ multi: true });

/** Tail calls nested deeper than this are handed over. */
const DEEPEST_TAIL_CALL = 100;

interface Bouncing extends LuaFunction {
  bounces?: boolean;
}

/**
 * Marks a function of a cycle of tail calls. Called with a depth in `T.next`, which it takes at once, it may return
 * `TAIL`; then its caller does the same, up to the one with depth 0, which makes the call that was handed over.
 */
export function bouncing(fn: LuaFunction): LuaFunction {
  const marked: Bouncing = fn;
  marked.bounces = true;
  return marked;
}

/**
 * What to call for a tail call in such a function, itself at `depth`: the callee, or something that hands the call over.
 * To be asked when the arguments are there, because nothing else may run before the callee takes `T.next`.
 */
export function tailCallee(callee: LuaFunction, depth: number): LuaFunction {
  if ((callee as Bouncing).bounces !== true) return callee;
  if (depth >= DEEPEST_TAIL_CALL) return (...args) => handOver(callee, args);
  T.next = depth + 1;
  return callee;
}

function handOver(callee: LuaFunction, args: LuaValue[]): Multi {
  T.fn = callee;
  T.args = args;
  return TAIL;
}

/** The result of a tail call made at `depth`: at the bottom, calls that were handed over are made. */
export function finishTailCall(result: LuaResult, depth: number): LuaResult {
  let last = result;
  while (last === TAIL && depth === 0) last = callHandedOver();
  return last;
}

/** The same where calls may suspend; only for the bottom, after `TAIL`. */
export function* finishTailCallLater(): Activation {
  for (;;) {
    const result = callHandedOver();
    const last = isActivation(result) ? yield* result : result;
    if (last !== TAIL) return last;
  }
}

function callHandedOver(): LuaResult {
  const { fn, args } = T;
  T.next = 1;
  // Who made the call is gone; keeping it would make endless tail calls an endless list.
  caller.frame = undefined;
  return fn(...args);
}
