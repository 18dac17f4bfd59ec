/**
 * Library code that calls Lua functions, written once as a generator: what it calls may or may not wait, and it must be
 * an ordinary call when nothing waited.
 */
import { type Activation, isActivation, type LuaResult, type Wait } from '../engine/api.ts';

/** Steps that may wait in between; what they return are the results of the host function. */
export type Steps<T = LuaResult> = Generator<Wait, T, unknown>;

/** What a finished call returns: never an activation. */
export type Finished = Exclude<LuaResult, Activation>;

/** Runs the steps. The result is theirs at once, or an activation from the first wait on. */
export function drive(steps: Steps<Finished>): LuaResult {
  const step = steps.next();
  return step.done === true ? step.value : resume(step.value, steps);
}

function* resume(firstWait: Wait, steps: Steps<Finished>): Activation {
  let wait = firstWait;
  for (;;) {
    const step = yield* advance(wait, steps);
    if (step.done === true) return step.value;
    wait = step.value;
  }
}

function* advance(wait: Wait, steps: Steps<Finished>): Generator<Wait, IteratorResult<Wait, Finished>, unknown> {
  let outcome: unknown;
  try {
    outcome = yield wait;
  } catch (reason) {
    return steps.throw(reason);
  }
  return steps.next(outcome);
}

/** Inside steps: the result of a call that may have to be waited for. */
export function* finish(called: LuaResult): Steps<Finished> {
  return isActivation(called) ? yield* called : called;
}
