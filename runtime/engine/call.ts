/** Results, variable arguments and calls: the out-of-band registers behind `MULTI`, and `__call`. */
import type { Activation, LuaFunction, LuaResult, LuaValue, Multi, ResultRegisters, Site } from '../contract/abi.ts';
import { metamethod } from './metatable.ts';
import { raiseOperandError } from './sites.ts';
import { forgetTailCall } from './tail-call.ts';
import { forgetCursors } from './traversal.ts';

/** Returned for "not exactly one result"; the values are in `X`. */
export const MULTI: Multi = Object.freeze({ multi: true });

const NO_VALUES: readonly LuaValue[] = [];

/** The result registers: see `ResultRegisters` for who may read them when. */
export const X: ResultRegisters = { n: 0, a: undefined, b: undefined, c: undefined, v: NO_VALUES };

/** Zero results. Most often there were none before: a test is cheaper then than four stores. */
export function noResults(): Multi {
  if (X.n !== 0) {
    X.n = 0;
    X.a = undefined;
    X.b = undefined;
    X.c = undefined;
  }
  return MULTI;
}

/** Two results; `results` for any number, this one without an array. */
export function results2(a: LuaValue, b: LuaValue): Multi {
  X.n = 2;
  X.a = a;
  X.b = b;
  X.c = undefined;
  return MULTI;
}

export function results3(a: LuaValue, b: LuaValue, c: LuaValue): Multi {
  X.n = 3;
  X.a = a;
  X.b = b;
  X.c = c;
  return MULTI;
}

/** All values of the list as results; the list must not change afterwards. */
export function resultsFrom(values: readonly LuaValue[]): LuaValue | Multi {
  const { length } = values;
  if (length === 1) return values[0];
  X.n = length;
  X.a = values[0];
  X.b = values[1];
  X.c = values[2];
  if (length > 3) X.v = values;
  return MULTI;
}

/** The first `count` of three values as results: for functions that take any number, of which few are usual. */
export function fewResults(count: number, a: LuaValue, b: LuaValue, c: LuaValue): LuaValue | Multi {
  switch (count) {
    case 0:
      return noResults();
    case 1:
      return a;
    case 2:
      return results2(a, b);
    default:
      return results3(a, b, c);
  }
}

/** `true`, then the results. */
export function afterTrue(result: LuaValue | Multi): LuaValue | Multi {
  if (result !== MULTI) return results2(true, result as LuaValue);
  switch (X.n) {
    case 0:
      return true;
    case 2:
      return results3(true, X.a, X.b);
    default:
      return resultsFrom([true, ...collect(MULTI)]);
  }
}

export function results(...values: LuaValue[]): LuaValue | Multi {
  return resultsFrom(values);
}

/** `head`, then all values of the list, which must not change afterwards, as results. */
export function resultsAfter(head: LuaValue, rest: readonly LuaValue[]): LuaValue | Multi {
  switch (rest.length) {
    case 0:
      return head;
    case 1:
      return results2(head, rest[0]);
    case 2:
      return results3(head, rest[0], rest[1]);
    default:
      return resultsFrom([head, ...rest]);
  }
}

/** How many results there are. To be called at once. */
export function resultCount(result: LuaValue | Multi): number {
  return result === MULTI ? X.n : 1;
}

/** The result number `i`, from 1; nil beyond the last. To be called at once. */
export function resultAt(result: LuaValue | Multi, i: number): LuaValue {
  if (result !== MULTI) return i === 1 ? (result as LuaValue) : undefined;
  switch (i) {
    case 1:
      return X.a;
    case 2:
      return X.b;
    case 3:
      return X.c;
    default:
      return i <= X.n ? X.v[i - 1] : undefined;
  }
}

/** The values as an array part; without the iteration that spreading them into a literal is. */
export function elementsOf(values: readonly LuaValue[]): LuaValue[] {
  switch (values.length) {
    case 1:
      return [undefined, values[0]];
    case 2:
      return [undefined, values[0], values[1]];
    case 3:
      return [undefined, values[0], values[1], values[2]];
    default:
      return [undefined as LuaValue].concat(values);
  }
}

/** The results as a new list. To be called at once, before anything else runs. Never for an activation. */
export function collect(result: LuaResult): LuaValue[] {
  if (result !== MULTI) return [result as LuaValue];
  switch (X.n) {
    case 0:
      return [];
    case 2:
      return [X.a, X.b];
    case 3:
      return [X.a, X.b, X.c];
    default:
      return X.v.slice();
  }
}

/** The first result, nil if there is none. To be called at once. Never for an activation. */
export function first(result: LuaResult): LuaValue {
  return result === MULTI ? X.a : (result as LuaValue);
}

/** Forgets the last results, so that they do not outlive the task. */
export function clearResults(): void {
  noResults();
  X.v = NO_VALUES;
  forgetTailCall();
  forgetCursors();
}

/** `instanceof` with the prototype that all generator objects have, and nothing else. */
export const GENERATOR: new () => Activation = (() => {
  function Generator(): void {}
  Generator.prototype = Object.getPrototypeOf(Object.getPrototypeOf((function* () {})()));
  return Generator as unknown as new () => Activation;
})();

/** Did the call not finish, so that its result must be waited for with `yield*`? */
export function isActivation(result: LuaResult): result is Activation {
  return result instanceof GENERATOR;
}

/** Finishes `activation` with exactly one result. */
export function* firstOf(activation: Activation): Activation {
  return first(yield* activation);
}

/** Calls any value with `__call`. The result is the callee's: one value, `MULTI` or an activation. */
export function callValue(callee: LuaValue, args: readonly LuaValue[]): LuaResult {
  return callable(callee, undefined)(...args);
}

/** A function that calls `value`: the value itself, or one that applies `__call` or throws once the arguments are known. */
export function callable(value: LuaValue, site: Site | undefined): LuaFunction {
  if (typeof value === 'function') return value;
  const handler = metamethod(value, '__call');
  if (typeof handler === 'function') return (...args) => handler(value, ...args);
  return () => raiseOperandError('call', value, site);
}

/** Calls `callee` with the results of the last argument, `result`. */
export function callSpread0(callee: LuaFunction, result: LuaResult): LuaResult {
  if (result !== MULTI) return callee(result as LuaValue);
  switch (X.n) {
    case 0:
      return callee();
    case 2:
      return callee(X.a, X.b);
    case 3:
      return callee(X.a, X.b, X.c);
    default:
      return callee(...X.v);
  }
}

export function callSpread1(callee: LuaFunction, a: LuaValue, result: LuaResult): LuaResult {
  if (result !== MULTI) return callee(a, result as LuaValue);
  switch (X.n) {
    case 0:
      return callee(a);
    case 2:
      return callee(a, X.a, X.b);
    case 3:
      return callee(a, X.a, X.b, X.c);
    default:
      return callee(a, ...X.v);
  }
}

export function callSpread2(callee: LuaFunction, a: LuaValue, b: LuaValue, result: LuaResult): LuaResult {
  if (result !== MULTI) return callee(a, b, result as LuaValue);
  switch (X.n) {
    case 0:
      return callee(a, b);
    case 2:
      return callee(a, b, X.a, X.b);
    case 3:
      return callee(a, b, X.a, X.b, X.c);
    default:
      return callee(a, b, ...X.v);
  }
}

/** For more fixed arguments: `head` belongs to the callee afterwards. */
export function callSpread(callee: LuaFunction, head: LuaValue[], result: LuaResult): LuaResult {
  return callee(...appendResults(head, result));
}

/** Appends the results to `head` and returns it. */
export function appendResults(head: LuaValue[], result: LuaResult): LuaValue[] {
  if (result !== MULTI) {
    head.push(result as LuaValue);
  } else if (X.n > 3) {
    for (const value of X.v) head.push(value);
  } else {
    const { n, a, b, c } = X;
    if (n > 0) head.push(a, b);
    if (n === 3) head.push(c);
  }
  return head;
}
