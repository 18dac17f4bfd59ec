/**
 * What Lua calls of a host function: argument checks in front of the implementation, and behind it the border at which
 * anything thrown becomes a Lua error with the caller's position.
 */
// biome-ignore-all lint/complexity/noArguments: argument counts are needed without a rest array on every call
import {
  type Activation,
  asHostError,
  isActivation,
  type LuaFunction,
  LuaObject,
  type LuaResult,
  LuaTable,
  type LuaValue,
  MULTI,
  nameBuiltin,
} from '../engine/api.ts';
import { type Argument, type Slot, takeArguments } from './signature.ts';

/** The implementation, handed the taken arguments. */
// biome-ignore lint/suspicious/noExplicitAny: the parameters are what `Taken` says; only the wrapper below calls it
export type Enter = (...values: any[]) => LuaResult;

/** The Lua function; one wrapper per arity, so that the common ones neither build arrays nor loop. */
export function wrap(name: string, args: readonly Argument<unknown>[], enter: Enter): LuaFunction {
  if (args.some((each) => each.variadic)) return wrapVariadic(name, args, enter);
  const [first, second, third] = args;
  const slots = slotsOf(name, args);
  const [s1, s2, s3] = slots;
  if (args.length === 0) return wrapNone(name, enter);
  if (args.length === 1) {
    const t1 = first!.take;
    return function (a: LuaValue) {
      try {
        return checked(enter(t1(a, s1!, arguments.length)), name);
      } catch (thrown) {
        throw asHostError(thrown);
      }
    };
  }
  if (args.length === 2) {
    const t1 = first!.take;
    const t2 = second!.take;
    return function (a: LuaValue, b: LuaValue) {
      const count = arguments.length;
      try {
        return checked(enter(t1(a, s1!, count), t2(b, s2!, count)), name);
      } catch (thrown) {
        throw asHostError(thrown);
      }
    };
  }
  if (args.length === 3) {
    const t1 = first!.take;
    const t2 = second!.take;
    const t3 = third!.take;
    return function (a: LuaValue, b: LuaValue, c: LuaValue) {
      const count = arguments.length;
      try {
        return checked(enter(t1(a, s1!, count), t2(b, s2!, count), t3(c, s3!, count)), name);
      } catch (thrown) {
        throw asHostError(thrown);
      }
    };
  }
  return wrapMany(name, (given) => enter(...args.map((each, at) => each.take(given[at], slots[at]!, given.length))));
}

function wrapNone(name: string, enter: Enter): LuaFunction {
  return () => {
    try {
      return checked(enter(), name);
    } catch (thrown) {
      throw asHostError(thrown);
    }
  };
}

function wrapMany(name: string, enter: (given: readonly LuaValue[]) => LuaResult): LuaFunction {
  return (...given) => {
    try {
      return checked(enter(given), name);
    } catch (thrown) {
      throw asHostError(thrown);
    }
  };
}

function wrapVariadic(name: string, args: readonly Argument<unknown>[], enter: Enter): LuaFunction {
  return wrapMany(name, (given) => enter(...takeArguments(args, given, name)));
}

function slotsOf(name: string, args: readonly Argument<unknown>[]): readonly Slot[] {
  return args.map((_, at) => Object.freeze({ index: at + 1, functionName: name }));
}

/**
 * Of an implementation that may return a running call: entering it again after a wait happens below a frame of the
 * function's name, and what is thrown then gets the caller's position too.
 */
export function waitingAs(name: string, enter: Enter): Enter {
  const proceed = nameBuiltin(function* (activation: Activation): Activation {
    try {
      return yield* activation;
    } catch (thrown) {
      throw asHostError(thrown);
    }
  }, name);
  return (...values) => {
    const result = enter(...values);
    return isActivation(result) ? proceed(result) : result;
  };
}

function checked(result: LuaResult, name: string): LuaResult {
  if (typeof result === 'object') checkObject(result, name);
  return result;
}

/** The type checker refuses implementations that return objects of JS; this finds what came as `any` or behind a cast. */
export function checkObject(result: unknown, name: string): void {
  if (result instanceof LuaTable || result === MULTI || result instanceof LuaObject) return;
  if (result !== null && isActivation(result as LuaResult)) return;
  if (typeof result === 'object')
    throw new TypeError(
      `host function '${name}' returned ${describe(result)}, no Lua value: make one with tableFromEntries, tableFromArray, fromHost or results`,
    );
}

function describe(object: object | null): string {
  if (object === null) return 'null';
  return `an object of JavaScript (${object.constructor?.name ?? 'without a class'})`;
}
