// biome-ignore-all lint/complexity/noArguments: a missing argument is told apart from nil without a rest array per call
/** The `math` library (Lua 5.1 manual, section 5.6): C's functions on doubles. */
import type { HostFunction } from '../../contract/host.ts';
import {
  argumentError,
  currentTask,
  defineLibrary,
  type Environment,
  type LuaFunction,
  type LuaResult,
  type LuaValue,
  noResults,
  raise,
  results2,
} from '../api.ts';
import { checkInteger, checkNumber } from './arguments.ts';
import { describe } from './describe.ts';
import { Random } from './random.ts';

const RADIANS_PER_DEGREE = Math.PI / 180;

/** A library function of one number. */
function unary(name: string, compute: (x: number) => number): LuaFunction {
  return function (x: LuaValue): LuaResult {
    return compute(typeof x === 'number' ? x : checkNumber(x, 1, name, arguments.length));
  };
}

/** A library function of two numbers. */
function binary(name: string, compute: (x: number, y: number) => number): LuaFunction {
  return function (x: LuaValue, y: LuaValue): LuaResult {
    const given = arguments.length;
    // The second one first, as the reference is compiled: that is the one to complain about when both are wrong.
    const second = checkNumber(y, 2, name, given);
    return compute(checkNumber(x, 1, name, given), second);
  };
}

// Written out because emitted code calls these three most.
function floor(x: LuaValue): LuaResult {
  return Math.floor(typeof x === 'number' ? x : checkNumber(x, 1, 'floor', arguments.length));
}

function ceil(x: LuaValue): LuaResult {
  return Math.ceil(typeof x === 'number' ? x : checkNumber(x, 1, 'ceil', arguments.length));
}

function abs(x: LuaValue): LuaResult {
  return Math.abs(typeof x === 'number' ? x : checkNumber(x, 1, 'abs', arguments.length));
}

/** C's pow: 1 to any power and -1 to an infinite one are 1, where JS has NaN. */
function power(x: number, y: number): number {
  return x === 1 || (x === -1 && Math.abs(y) === Number.POSITIVE_INFINITY) ? 1 : x ** y;
}

function frexp(x: LuaValue): LuaResult {
  const n = checkNumber(x, 1, 'frexp', arguments.length);
  if (n === 0 || !Number.isFinite(n)) return results2(n, 0);
  let exponent = Math.max(-1023, Math.floor(Math.log2(Math.abs(n))) + 1);
  let mantissa = scaled(n, -exponent);
  // The logarithm may be off by one near powers of two, and subnormal numbers start too high.
  for (; Math.abs(mantissa) < 0.5; mantissa *= 2) exponent--;
  for (; Math.abs(mantissa) >= 1; mantissa /= 2) exponent++;
  return results2(mantissa, exponent);
}

function ldexp(x: LuaValue, e: LuaValue): LuaResult {
  const given = arguments.length;
  const exponent = checkInteger(e, 2, 'ldexp', given);
  return scaled(checkNumber(x, 1, 'ldexp', given), exponent);
}

/** x * 2^exponent; in steps, because 2^exponent itself may not be a double. */
function scaled(x: number, exponent: number): number {
  let value = x;
  let left = Math.max(-2200, Math.min(2200, exponent));
  for (; left > 1000; left -= 1000) value *= 2 ** 1000;
  // Downwards the last step is the only one that may round.
  for (; left < -1000 && Math.abs(value) > 2 ** -22; left += 1000) value *= 2 ** -1000;
  return left < -1000 ? value * 2 ** -1000 * 2 ** Math.max(left + 1000, -1074) : value * 2 ** left;
}

function modf(x: LuaValue): LuaResult {
  const n = checkNumber(x, 1, 'modf', arguments.length);
  const whole = Math.trunc(n);
  // A whole number's fraction is a zero of its sign.
  return results2(whole, whole === n ? 0 * Math.sign(n) : n - whole);
}

// Two numbers are the usual case: no list is made for them.
function max(x: LuaValue, y: LuaValue): LuaResult {
  if (arguments.length === 2 && typeof x === 'number' && typeof y === 'number') return y > x ? y : x;
  return mostOf('max', [...arguments], (a, b) => a > b);
}

function min(x: LuaValue, y: LuaValue): LuaResult {
  if (arguments.length === 2 && typeof x === 'number' && typeof y === 'number') return y < x ? y : x;
  return mostOf('min', [...arguments], (a, b) => a < b);
}

/** The number that is more than the others; the first of equal ones. */
function mostOf(name: string, numbers: readonly LuaValue[], isMore: (a: number, b: number) => boolean): number {
  let most = checkNumber(numbers[0], 1, name, numbers.length);
  for (let k = 1; k < numbers.length; k++) {
    const n = checkNumber(numbers[k], k + 1, name, numbers.length);
    if (isMore(n, most)) most = n;
  }
  return most;
}

const generators = new WeakMap<Environment, Random>();

function generator(): Random {
  const { env } = currentTask();
  let random = generators.get(env);
  if (random === undefined) {
    random = new Random();
    generators.set(env, random);
  }
  return random;
}

function random(low: LuaValue, high: LuaValue): LuaResult {
  const given = arguments.length;
  if (given > 2) raise('wrong number of arguments');
  if (given === 0) return generator().next();
  const from = given === 1 ? 1 : checkInteger(low, 1, 'random', given);
  const to = given === 1 ? checkInteger(low, 1, 'random', given) : checkInteger(high, 2, 'random', given);
  if (from > to) argumentError(given, 'random', 'interval is empty');
  return from + Math.floor(generator().next() * (to - from + 1));
}

function randomseed(seed: LuaValue): LuaResult {
  generator().seed(checkInteger(seed, 1, 'randomseed', arguments.length));
  return noResults();
}

const fmod = binary('fmod', (x, y) => x % y);

const functions = {
  abs,
  acos: unary('acos', Math.acos),
  asin: unary('asin', Math.asin),
  atan: unary('atan', Math.atan),
  atan2: binary('atan2', Math.atan2),
  ceil,
  cos: unary('cos', Math.cos),
  cosh: unary('cosh', Math.cosh),
  deg: unary('deg', (x) => x / RADIANS_PER_DEGREE),
  exp: unary('exp', Math.exp),
  floor,
  // The old name goes first: tracebacks show the last one.
  mod: fmod,
  fmod,
  frexp,
  ldexp,
  log: unary('log', Math.log),
  log10: unary('log10', Math.log10),
  max,
  min,
  modf,
  pow: binary('pow', power),
  rad: unary('rad', (x) => x * RADIANS_PER_DEGREE),
  random,
  randomseed,
  sin: unary('sin', Math.sin),
  sinh: unary('sinh', Math.sinh),
  sqrt: unary('sqrt', Math.sqrt),
  tan: unary('tan', Math.tan),
  tanh: unary('tanh', Math.tanh),
};

/** All functions and constants of `math`. */
export const mathLibrary = defineLibrary('math', functions, {
  values: { huge: Number.POSITIVE_INFINITY, pi: Math.PI },
});

export const mathFunctions: readonly HostFunction[] = [
  describe('sync', 'abs(x: number): number', 'Absolute value.'),
  describe('sync', 'acos(x: number): number', 'Arc cosine in radians.'),
  describe('sync', 'asin(x: number): number', 'Arc sine in radians.'),
  describe('sync', 'atan(x: number): number', 'Arc tangent in radians.'),
  describe('sync', 'atan2(y: number, x: number): number', 'Angle of the point (x, y) in radians.'),
  describe('sync', 'ceil(x: number): number', 'Smallest whole number not below x.'),
  describe('sync', 'cos(x: number): number', 'Cosine of an angle in radians.'),
  describe('sync', 'cosh(x: number): number', 'Hyperbolic cosine.'),
  describe('sync', 'deg(x: number): number', 'Radians to degrees.'),
  describe('sync', 'exp(x: number): number', 'e to the power x.'),
  describe('sync', 'floor(x: number): number', 'Largest whole number not above x.'),
  describe('sync', 'fmod(x: number, y: number): number', 'Remainder of x / y with the sign of x.'),
  describe('sync', 'frexp(x: number): number, integer', 'm and e with x = m * 2^e and 0.5 <= |m| < 1.'),
  describe('sync', 'ldexp(m: number, e: integer): number', 'm * 2^e.'),
  describe('sync', 'log(x: number): number', 'Natural logarithm.'),
  describe('sync', 'log10(x: number): number', 'Logarithm to base 10.'),
  describe('sync', 'max(x: number, ...: number): number', 'The largest argument.'),
  describe('sync', 'min(x: number, ...: number): number', 'The smallest argument.'),
  describe('sync', 'mod(x: number, y: number): number', 'The old name of fmod.'),
  describe('sync', 'modf(x: number): number, number', 'Whole part and fraction, both with the sign of x.'),
  describe('sync', 'pow(x: number, y: number): number', 'x to the power y.'),
  describe('sync', 'rad(x: number): number', 'Degrees to radians.'),
  describe(
    'sync',
    'random(m?: integer, n?: integer): number',
    'Random number in [0,1), or a whole one in 1..m or m..n.',
  ),
  describe('sync', 'randomseed(seed: number)', 'Starts the sequence that belongs to a seed.'),
  describe('sync', 'sin(x: number): number', 'Sine of an angle in radians.'),
  describe('sync', 'sinh(x: number): number', 'Hyperbolic sine.'),
  describe('sync', 'sqrt(x: number): number', 'Square root.'),
  describe('sync', 'tan(x: number): number', 'Tangent of an angle in radians.'),
  describe('sync', 'tanh(x: number): number', 'Hyperbolic tangent.'),
];
