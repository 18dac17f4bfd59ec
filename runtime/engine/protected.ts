/** The engine's side of `pcall` and `xpcall` (Lua 5.1 manual section 5.1), in both colours. */
import type { Activation, LuaResult, LuaValue, Multi } from '../contract/abi.ts';
import { afterTrue, callable, callSpread0, first, isActivation, results2 } from './call.ts';
import { caught, type LuaError } from './error.ts';
import { nameBorder, nameBuiltin } from './positions.ts';
import { running } from './registers.ts';

/** `pcall(callee, …)`: true and the results, or false and the error value. `args` as results: read at once. */
export function protectedCall(callee: LuaValue, args: LuaValue | Multi): LuaResult {
  const outer = running.wantsTrace;
  running.wantsTrace = false;
  try {
    const result = callSpread0(callable(callee, undefined), args);
    return isActivation(result) ? finishProtected(result) : afterTrue(result);
  } catch (error) {
    return results2(false, caught(error).value);
  } finally {
    running.wantsTrace = outer;
  }
}

const finishProtected = nameBuiltin(function* (activation: Activation): Activation {
  const outer = running.wantsTrace;
  running.wantsTrace = false;
  let result: LuaValue | Multi;
  try {
    result = yield* activation;
  } catch (error) {
    running.wantsTrace = outer;
    return results2(false, caught(error).value);
  }
  running.wantsTrace = outer;
  return afterTrue(result);
}, 'pcall');

/** `xpcall(callee, handler)`: the handler sees the stack of the error through `debug.traceback`. */
export function handledCall(callee: LuaValue, handler: LuaValue): LuaResult {
  const outer = running.wantsTrace;
  running.wantsTrace = true;
  try {
    const result = callable(callee, undefined)();
    return isActivation(result) ? finishHandled(result, handler, outer) : afterTrue(result);
  } catch (thrown) {
    return handle(thrown, handler);
  } finally {
    running.wantsTrace = outer;
  }
}

const finishHandled = nameBuiltin(function* (activation: Activation, handler: LuaValue, outer: boolean): Activation {
  running.wantsTrace = true;
  let result: LuaValue | Multi;
  try {
    result = yield* activation;
  } catch (thrown) {
    const handled = handle(thrown, handler);
    const outcome = isActivation(handled) ? yield* handled : handled;
    running.wantsTrace = outer;
    return outcome;
  }
  running.wantsTrace = outer;
  return afterTrue(result);
}, 'xpcall');

/** `false` and the first result of the handler; an error in the handler has a text of its own. */
function handle(thrown: unknown, handler: LuaValue): LuaResult {
  const error = caught(thrown);
  const outer = running.handled;
  running.handled = error.stack;
  try {
    const result = enterHandler(handler, error.value);
    return isActivation(result) ? finishHandler(result, error) : results2(false, first(result));
  } catch (second) {
    return handlerFailed(second);
  } finally {
    running.handled = outer;
  }
}

function* finishHandler(activation: Activation, error: LuaError): Activation {
  const outer = running.handled;
  running.handled = error.stack;
  try {
    return results2(false, first(yield* resumeHandler(activation)));
  } catch (second) {
    return handlerFailed(second);
  } finally {
    running.handled = outer;
  }
}

const enterHandler = nameBorder(
  (handler: LuaValue, value: LuaValue): LuaResult => callable(handler, undefined)(value),
  'handler',
);

const resumeHandler = nameBorder(function* (activation: Activation): Activation {
  return yield* activation;
}, 'handler');

function handlerFailed(thrown: unknown): Multi {
  caught(thrown);
  return results2(false, 'error in error handling');
}
