/**
 * Slow paths of the operators: coercion, metamethods, errors. Emitted code comes here when its inline test for the usual
 * case fails. Lua 5.1 manual sections 2.2.1, 2.5 and 2.8. The site is undefined for library code.
 */
import type { Activation, LuaResult, LuaValue, Site } from '../contract/abi.ts';
import { charge } from './budget.ts';
import { callable, first, isActivation } from './call.ts';
import { EVENTS, handlerOf, type OperatorEvent } from './handlers.ts';
import { metamethod, oneResult } from './metatable.ts';
import { raiseAt, raiseOperandError } from './sites.ts';
import { numberToString, stringToNumber } from './strings/number.ts';
import { LuaTable, rawLength } from './table.ts';
import { isTruthy, LuaObject, typeName } from './value.ts';

/** A number, or the number a string stands for; else undefined. */
export function toNumber(value: LuaValue): number | undefined {
  if (typeof value === 'number') return value;
  return typeof value === 'string' ? stringToNumber(value) : undefined;
}

/** A string, or the text of a number; else undefined. */
export function toText(value: LuaValue): string | undefined {
  if (typeof value === 'string') return value;
  return typeof value === 'number' ? numberToString(value) : undefined;
}

/** Lua's `%`: `a - floor(a/b)*b` in doubles (not JS `%`, nor `fmod`). */
export function modulo(a: number, b: number): number {
  if (a >= 0 && b > 0 && a <= Number.MAX_SAFE_INTEGER && b <= Number.MAX_SAFE_INTEGER && Number.isInteger(a)) {
    if (Number.isInteger(b)) return a % b;
  }
  return a - Math.floor(a / b) * b;
}

/** C's `pow`, which differs from JS for base ±1 with infinite or NaN exponents. */
export function power(a: number, b: number): number {
  if (a === 1) return 1;
  if (a === -1 && (b === Number.POSITIVE_INFINITY || b === Number.NEGATIVE_INFINITY)) return 1;
  return a ** b;
}

interface ArithmeticOperator {
  readonly event: OperatorEvent;
  readonly compute: (a: number, b: number) => number;
}

const ADD: ArithmeticOperator = { event: EVENTS.add, compute: (a, b) => a + b };
const SUBTRACT: ArithmeticOperator = { event: EVENTS.sub, compute: (a, b) => a - b };
const MULTIPLY: ArithmeticOperator = { event: EVENTS.mul, compute: (a, b) => a * b };
const DIVIDE: ArithmeticOperator = { event: EVENTS.div, compute: (a, b) => a / b };
const MODULO: ArithmeticOperator = { event: EVENTS.mod, compute: modulo };
const POWER: ArithmeticOperator = { event: EVENTS.pow, compute: power };

/** Binary arithmetic on any two values. */
function arithmetic(operator: ArithmeticOperator, a: LuaValue, b: LuaValue, site?: Site): LuaResult {
  const x = toNumber(a);
  const y = toNumber(b);
  if (x !== undefined && y !== undefined) return operator.compute(x, y);
  const handler = handlerOf(a, operator.event) ?? handlerOf(b, operator.event);
  if (handler !== undefined) return callHandler(handler, a, b, site);
  return x === undefined
    ? raiseOperandError('perform arithmetic on', a, site)
    : raiseOperandError('perform arithmetic on', b, site, 'right');
}

function callHandler(handler: LuaValue, a: LuaValue, b: LuaValue, site: Site | undefined): LuaResult {
  if (typeof handler === 'function') return oneResult(handler(a, b), site);
  return oneResult(callable(handler, unnamed(site))(a, b), site);
}

/** A handler that cannot be called has no name in the message. */
function unnamed(site: Site | undefined): Site | undefined {
  return site === undefined ? undefined : { ...site, left: '', right: '' };
}

export function add(a: LuaValue, b: LuaValue, site?: Site): LuaResult {
  return arithmetic(ADD, a, b, site);
}

export function subtract(a: LuaValue, b: LuaValue, site?: Site): LuaResult {
  return arithmetic(SUBTRACT, a, b, site);
}

export function multiply(a: LuaValue, b: LuaValue, site?: Site): LuaResult {
  return arithmetic(MULTIPLY, a, b, site);
}

export function divide(a: LuaValue, b: LuaValue, site?: Site): LuaResult {
  return arithmetic(DIVIDE, a, b, site);
}

/** `a % b`; small non-negative integers are the usual case. */
export function remainder(a: LuaValue, b: LuaValue, site?: Site): LuaResult {
  if (typeof a === 'number' && typeof b === 'number') return modulo(a, b);
  return arithmetic(MODULO, a, b, site);
}

export function exponentiate(a: LuaValue, b: LuaValue, site?: Site): LuaResult {
  if (typeof a === 'number' && typeof b === 'number') return power(a, b);
  return arithmetic(POWER, a, b, site);
}

/** `-a`. */
export function negate(a: LuaValue, site?: Site): LuaResult {
  const x = toNumber(a);
  if (x !== undefined) return -x;
  const handler = handlerOf(a, EVENTS.unm);
  if (handler === undefined) raiseOperandError('perform arithmetic on', a, site);
  return callHandler(handler, a, a, site);
}

/** `#a`. Tables with `__len` are asked (as gopher-lua does), others answer with a border. */
export function length(a: LuaValue, site?: Site): LuaResult {
  if (typeof a === 'string') return a.length;
  const handler = handlerOf(a, EVENTS.len);
  if (handler !== undefined) return callHandler(handler, a, undefined, site);
  if (a instanceof LuaTable) return rawLength(a);
  return raiseOperandError('get length of', a, site);
}

/** `a .. b`. */
export function concat(a: LuaValue, b: LuaValue, site?: Site): LuaResult {
  const left = toText(a);
  const right = toText(b);
  if (left !== undefined && right !== undefined) return left + right;
  const handler = handlerOf(a, EVENTS.concat) ?? handlerOf(b, EVENTS.concat);
  if (handler !== undefined) return callHandler(handler, a, b, site);
  return left === undefined
    ? raiseOperandError('concatenate', a, site)
    : raiseOperandError('concatenate', b, site, 'right');
}

/**
 * `operands[0] .. operands[1] .. …`, folded from the right; neighbouring strings and numbers are joined in one go. The
 * site of operands i and i + 1 is `sites[first + i]`.
 */
export function concatAll(operands: readonly LuaValue[], sites: readonly Site[], first: number): LuaResult {
  const last = operands.length - 1;
  return concatFrom({ operands, sites, first }, last - 1, operands[last]);
}

interface Chain {
  readonly operands: readonly LuaValue[];
  readonly sites: readonly Site[];
  readonly first: number;
}

function concatFrom(chain: Chain, from: number, right: LuaValue): LuaResult {
  const { operands } = chain;
  let joined = right;
  for (let i = from; i >= 0; i--) {
    const left = toText(operands[i]);
    const tail = left === undefined ? undefined : toText(joined);
    if (left !== undefined && tail !== undefined) {
      joined = left + tail;
      continue;
    }
    const result = concat(operands[i], joined, siteOfStep(chain, i));
    if (isActivation(result)) return concatLater(chain, i - 1, result);
    joined = result as LuaValue;
  }
  return joined;
}

/** The right operand of an inner step is an intermediate result and has no name. */
function siteOfStep({ operands, sites, first }: Chain, i: number): Site | undefined {
  const site = sites[first + i];
  return site === undefined || i === operands.length - 2 ? site : { ...site, right: '' };
}

function* concatLater(chain: Chain, from: number, pending: Activation): Activation {
  const result = concatFrom(chain, from, first(yield* pending));
  return isActivation(result) ? first(yield* result) : (result as LuaValue);
}

/** `a == b` for two values that are not identical: only tables and userdata with the same `__eq` can still be equal. */
export function equalsSlow(a: LuaValue, b: LuaValue, site?: Site): LuaResult {
  const sameKind =
    (a instanceof LuaTable && b instanceof LuaTable) || (a instanceof LuaObject && b instanceof LuaObject);
  if (!sameKind) return false;
  const handler = commonHandler(a, b, EVENTS.eq);
  return handler === undefined ? false : truthOf(callHandler(handler, a, b, site));
}

export function equals(a: LuaValue, b: LuaValue): LuaResult {
  return a === b || equalsSlow(a, b);
}

/** The handler both operands have: Lua 5.1 wants the same one in both for comparisons. */
function commonHandler(a: LuaValue, b: LuaValue, event: OperatorEvent): LuaValue {
  const handler = handlerOf(a, event);
  return handler !== undefined && handler === handlerOf(b, event) ? handler : undefined;
}

function truthOf(result: LuaResult, negated = false): LuaResult {
  if (isActivation(result)) return truthLater(result, negated);
  return isTruthy(result as LuaValue) !== negated;
}

function* truthLater(pending: Activation, negated: boolean): Activation {
  return isTruthy(first(yield* pending)) !== negated;
}

const LONG_STRING = 1024;

/** Returns `a`. */
function chargeComparison(a: string, b: string): string {
  if (a.length > LONG_STRING && b.length > LONG_STRING) charge(Math.min(a.length, b.length) >>> 6);
  return a;
}

/** `a < b`. Strings compare by bytes. */
export function compareLess(a: LuaValue, b: LuaValue, site?: Site): LuaResult {
  if (typeof a === 'number' && typeof b === 'number') return a < b;
  if (typeof a === 'string' && typeof b === 'string') return chargeComparison(a, b) < b;
  const handler = typeName(a) === typeName(b) ? commonHandler(a, b, EVENTS.lt) : undefined;
  if (handler === undefined) raiseComparisonError(a, b, site);
  return truthOf(callHandler(handler, a, b, site));
}

/** `a <= b`; without `__le` it is `not (b < a)`. */
export function compareLessEqual(a: LuaValue, b: LuaValue, site?: Site): LuaResult {
  if (typeof a === 'number' && typeof b === 'number') return a <= b;
  if (typeof a === 'string' && typeof b === 'string') return chargeComparison(a, b) <= b;
  const sameType = typeName(a) === typeName(b);
  const handler = sameType ? commonHandler(a, b, EVENTS.le) : undefined;
  if (handler !== undefined) return truthOf(callHandler(handler, a, b, site));
  const less = sameType ? commonHandler(b, a, EVENTS.lt) : undefined;
  if (less === undefined) raiseComparisonError(a, b, site);
  return truthOf(callHandler(less, b, a, site), true);
}

function raiseComparisonError(a: LuaValue, b: LuaValue, site: Site | undefined): never {
  const left = typeName(a);
  const right = typeName(b);
  raiseAt(site, left === right ? `attempt to compare two ${left} values` : `attempt to compare ${left} with ${right}`);
}

/** What `tostring` returns, `__tostring` asked (any value, if that returns one). */
export function toDisplay(value: LuaValue): LuaResult {
  const handler = metamethod(value, '__tostring');
  if (handler !== undefined) return oneResult(callable(handler, undefined)(value), undefined);
  switch (typeof value) {
    case 'string':
      return value;
    case 'number':
      return numberToString(value);
    case 'boolean':
      return String(value);
    case 'undefined':
      return 'nil';
    default:
      return `${typeName(value)}: ${identityText(value)}`;
  }
}

const identities = new WeakMap<object, string>();
let lastIdentity = 0x55550000;

/** Looks like an address: unique, stable, and made on demand. */
export function identityText(value: object): string {
  let text = identities.get(value);
  if (text === undefined) {
    lastIdentity += 0x20;
    text = `0x${lastIdentity.toString(16).padStart(12, '0')}`;
    identities.set(value, text);
  }
  return text;
}

/** The initial value, limit or step of a numeric `for`: a number or a numeric string. */
export function forNumber(value: LuaValue, what: 'initial value' | 'limit' | 'step', site: Site): number {
  return toNumber(value) ?? raiseAt(site, `'for' ${what} must be a number`);
}
