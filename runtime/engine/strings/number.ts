/**
 * Numbers as text and back: `tostring`, `tonumber` and every implicit conversion (Lua 5.1 manual, section 2.2.1).
 * Not JS's own conversions: those accept '', '0b1' and Unicode spaces, and print other digits.
 */
import { charge } from '../budget.ts';
import { ordinaryDigits, significantDigits } from './decimal.ts';

/** From here on (2^63) integral numbers print like all others. */
const FULL_DIGITS_LIMIT = 2 ** 63;

/** Significant digits of `tostring` and `..` (C's `%.14g`). */
const DISPLAY_DIGITS = 14;

/**
 * The text of a number. Integral values below 2^63 print all their digits, everything else as C's `%.14g`;
 * `inf`, `-inf`, `nan`, `-0`.
 */
export function numberToString(n: number): string {
  if (Number.isSafeInteger(n)) return n === 0 && 1 / n < 0 ? '-0' : String(n);
  const magnitude = Math.abs(n);
  if (magnitude >= 1e-4 && magnitude < 1e14) {
    // A shortest round-trip text of at most 14 digits is also the text rounded to 14 digits.
    const text = String(magnitude);
    if (text.length <= DISPLAY_DIGITS + 1) return n < 0 ? `-${text}` : text;
  }
  return uncommonToString(n, magnitude);
}

function uncommonToString(n: number, magnitude: number): string {
  if (Number.isNaN(n)) return 'nan';
  const sign = n < 0 ? '-' : '';
  if (magnitude === Number.POSITIVE_INFINITY) return `${sign}inf`;
  if (magnitude < FULL_DIGITS_LIMIT && Number.isInteger(n)) return BigInt(n).toString();
  return sign + generalDigits(magnitude, DISPLAY_DIGITS, true);
}

/**
 * C's `%.{precision}g` for a finite, non-negative number; `strip` removes trailing zeros (off for the `#` flag).
 * `precision` counts significant digits, 1-99.
 */
export function generalDigits(n: number, precision: number, strip: boolean): string {
  const ordinary = strip ? ordinaryDigits(n, precision) : undefined;
  if (ordinary !== undefined) return ordinary.includes('.') ? withoutTrailingZeros(ordinary) : ordinary;
  const { digits, exponent } = significantDigits(n, precision);
  if (exponent < -4 || exponent >= precision) {
    return withPoint(digits[0] as string, digits.slice(1), strip) + exponentText(exponent);
  }
  if (exponent >= 0) return withPoint(digits.slice(0, exponent + 1), digits.slice(exponent + 1), strip);
  return withPoint('0', '0'.repeat(-exponent - 1) + digits, strip);
}

/** `e+05`: sign and at least two digits. */
export function exponentText(exponent: number): string {
  const magnitude = Math.abs(exponent);
  return `e${exponent < 0 ? '-' : '+'}${magnitude < 10 ? '0' : ''}${magnitude}`;
}

function withPoint(whole: string, fraction: string, strip: boolean): string {
  return strip ? withoutTrailingZeros(`${whole}.${fraction}`) : `${whole}.${fraction}`;
}

/** Of a text with a point; the point goes too if nothing is left behind it. */
function withoutTrailingZeros(text: string): string {
  let end = text.length;
  while (text.charCodeAt(end - 1) === 48) end--;
  if (text.charCodeAt(end - 1) === 46) end--;
  return end === text.length ? text : text.slice(0, end);
}

/**
 * The number a string denotes, or undefined: optional C-locale white space, sign, decimal or hexadecimal numeral
 * (hexadecimal fractions and `p` exponents too). `inf`, `nan`, and embedded NULs are refused.
 */
export function stringToNumber(s: string): number | undefined {
  chargeLength(s);
  let i = 0;
  let end = s.length;
  while (i < end && isSpace(s.charCodeAt(i))) i++;
  while (end > i && isSpace(s.charCodeAt(end - 1))) end--;
  if (i === end) return undefined;
  const start = i;
  const sign = s.charCodeAt(i);
  if (sign === 45 || sign === 43) i++;
  if (s.charCodeAt(i) === 48 && (s.charCodeAt(i + 1) | 32) === 120) {
    const magnitude = hexadecimal(s, i + 2, end);
    return magnitude === undefined || sign !== 45 ? magnitude : -magnitude;
  }
  return isDecimal(s, i, end) ? Number(start === 0 && end === s.length ? s : s.slice(start, end)) : undefined;
}

/**
 * `tonumber(s, base)` for a base 2-36 (10 included: digits only). White space and sign allowed, base 16 takes a `0x`
 * prefix; numbers above 2^53 are rounded correctly. Undefined when `s` is not such a numeral.
 */
export function parseInteger(s: string, base: number): number | undefined {
  chargeLength(s);
  let i = 0;
  let end = s.length;
  while (i < end && isSpace(s.charCodeAt(i))) i++;
  while (end > i && isSpace(s.charCodeAt(end - 1))) end--;
  const sign = s.charCodeAt(i);
  if (sign === 45 || sign === 43) i++;
  if (base === 16 && s.charCodeAt(i) === 48 && (s.charCodeAt(i + 1) | 32) === 120 && i + 2 < end) i += 2;
  const magnitude = i < end ? digitsValue(s, i, end, base) : undefined;
  return magnitude === undefined || sign !== 45 ? magnitude : 0 - magnitude;
}

/** Longer texts than any reasonable numeral cost what they are long. */
const LONG_NUMERAL = 64;

function chargeLength({ length }: string): void {
  if (length > LONG_NUMERAL) charge(length >>> 3);
}

/** C's isspace in the C locale: space, \t \n \v \f \r. */
function isSpace(code: number): boolean {
  return code === 32 || (code >= 9 && code <= 13);
}

function isDigit(code: number): boolean {
  return code >= 48 && code <= 57;
}

/** Value of a digit or letter in any base up to 36; 99 for everything else. */
function digitValue(code: number): number {
  if (isDigit(code)) return code - 48;
  const letter = code | 32;
  return letter >= 97 && letter <= 122 ? letter - 87 : 99;
}

function isDecimal(s: string, start: number, end: number): boolean {
  let i = start;
  while (i < end && isDigit(s.charCodeAt(i))) i++;
  let digits = i - start;
  if (i < end && s.charCodeAt(i) === 46) {
    const point = ++i;
    while (i < end && isDigit(s.charCodeAt(i))) i++;
    digits += i - point;
  }
  if (digits === 0) return false;
  if (i < end && (s.charCodeAt(i) | 32) === 101) {
    i = skipSign(s, i + 1);
    const first = i;
    while (i < end && isDigit(s.charCodeAt(i))) i++;
    if (i === first) return false;
  }
  return i === end;
}

function skipSign(s: string, i: number): number {
  const code = s.charCodeAt(i);
  return code === 45 || code === 43 ? i + 1 : i;
}

/** `s[start, end)` behind `0x`: hex digits with an optional point and an optional binary exponent. */
function hexadecimal(s: string, start: number, end: number): number | undefined {
  let i = start;
  while (i < end && digitValue(s.charCodeAt(i)) < 16) i++;
  let digits = s.slice(start, i);
  let exponent = 0;
  if (s.charCodeAt(i) === 46 && i < end) {
    const point = ++i;
    while (i < end && digitValue(s.charCodeAt(i)) < 16) i++;
    digits += s.slice(point, i);
    exponent = -4 * (i - point);
  }
  if (digits === '') return undefined;
  if (i < end && (s.charCodeAt(i) | 32) === 112) {
    const first = skipSign(s, i + 1);
    for (i = first; i < end && isDigit(s.charCodeAt(i)); ) i++;
    if (i === first) return undefined;
    const power = Number(s.slice(first, i));
    exponent += s.charCodeAt(first - 1) === 45 ? -power : power;
  }
  return i === end ? scaleHex(digits, exponent) : undefined;
}

/** Significant bits of a double, and the power of two of the smallest one. */
const DOUBLE_BITS = 53;
const LOWEST_POWER = -1074;

/** `digits` (base 16) times 2^`exponent`, rounded once. */
function scaleHex(digits: string, exponent: number): number {
  if (digits.length <= 13) return scale(Number.parseInt(digits, 16), exponent);
  const mantissa = BigInt(`0x${digits}`);
  const bits = mantissa.toString(2).length;
  const keep = Math.min(DOUBLE_BITS, bits + exponent - LOWEST_POWER);
  if (keep < 0) return 0;
  const drop = bits - keep;
  return drop <= 0 ? scale(Number(mantissa), exponent) : scale(Number(shiftRounded(mantissa, drop)), exponent + drop);
}

/** n / 2^count, ties to even. */
function shiftRounded(n: bigint, count: number): bigint {
  const kept = n >> BigInt(count);
  const rest = n - (kept << BigInt(count));
  const half = 1n << BigInt(count - 1);
  return rest > half || (rest === half && (kept & 1n) === 1n) ? kept + 1n : kept;
}

/** n * 2^exponent without an intermediate overflow or underflow. */
function scale(n: number, exponent: number): number {
  if (n === 0) return 0;
  const half = Math.trunc(exponent / 2);
  return Math.abs(exponent) < 1000 ? n * 2 ** exponent : n * 2 ** half * 2 ** (exponent - half);
}

function digitsValue(s: string, start: number, end: number, base: number): number | undefined {
  let value = 0;
  for (let i = start; i < end; i++) {
    const digit = digitValue(s.charCodeAt(i));
    if (digit >= base) return undefined;
    value = value * base + digit;
  }
  return value <= Number.MAX_SAFE_INTEGER ? value : bigDigitsValue(s, start, end, base);
}

/** A numeral with more digits than this is infinite in every base. */
const MOST_DIGITS = 1100;

function bigDigitsValue(s: string, start: number, end: number, base: number): number {
  let first = start;
  while (s.charCodeAt(first) === 48) first++;
  if (end - first > MOST_DIGITS) return Number.POSITIVE_INFINITY;
  let value = 0n;
  const wide = BigInt(base);
  for (let i = first; i < end; i++) value = value * wide + BigInt(digitValue(s.charCodeAt(i)));
  return Number(value);
}
