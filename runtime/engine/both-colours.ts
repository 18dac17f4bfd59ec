/**
 * Library functions that call back, written once: a generator that yields the result of each call it makes and is sent
 * the values. Run plainly while nothing suspends; from the first activation on as a suspendable function.
 */
import type { Activation, LuaFunction, LuaResult, LuaValue, Multi, Wait } from '../contract/abi.ts';
import { collect, isActivation } from './call.ts';
import { nameBuiltin } from './positions.ts';

/** `const [value] = yield callValue(f, args)`; errors of the call arise where the call stands. */
export type Steps = Generator<LuaResult, LuaValue | Multi, LuaValue[]>;

/** The library function `name`: ordinary, and returns an `Activation` exactly when a call it made did. */
export function bothColours(name: string, steps: (...args: LuaValue[]) => Steps): LuaFunction {
  const finish = nameBuiltin(function* (running: Steps, activation: Activation): Activation {
    let next = yield* sendOutcome(running, activation);
    while (next.done !== true) {
      const result = next.value;
      next = isActivation(result) ? yield* sendOutcome(running, result) : running.next(collect(result));
    }
    return next.value;
  }, name);

  return nameBuiltin((...args: LuaValue[]): LuaResult => {
    const running = steps(...args);
    for (let next = running.next(); ; ) {
      if (next.done === true) return next.value;
      const result = next.value;
      if (isActivation(result)) return finish(running, result);
      next = running.next(collect(result));
    }
  }, name);
}

type Next = IteratorResult<LuaResult, LuaValue | Multi>;

/** Waits for the call; its error arises inside `steps`, as it would have without waiting. */
function* sendOutcome(steps: Steps, activation: Activation): Generator<Wait, Next, unknown> {
  let values: LuaValue[];
  try {
    values = collect(yield* activation);
  } catch (error) {
    return steps.throw(error);
  }
  return steps.next(values);
}
