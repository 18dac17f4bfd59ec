/**
 * Decimal digits of a double exactly as C prints them. JS `toFixed` and `toExponential` work on the exact binary value
 * too, but take the larger neighbour of an exact tie where C takes the even one; only ties are corrected here.
 * All functions expect a finite, non-negative number.
 */

/** Below this magnitude `toFixed` writes plain digits. */
const FIXED_LIMIT = 1e21;

/** `n` with exactly `places` digits after the point (0-99), without exponent: the text of C's `%.{places}f`. */
export function fixedDigits(n: number, places: number): string {
  if (n >= FIXED_LIMIT) {
    const digits = BigInt(n).toString();
    return places === 0 ? digits : `${digits}.${'0'.repeat(places)}`;
  }
  const text = n.toFixed(places);
  return isTieAfterPoint(n, places) ? lowerIfOdd(text, n.toFixed(places + 1)) : text;
}

/** Digits and decimal exponent of `n` rounded to `count` significant digits (1-100). */
export interface Significant {
  /** `count` digits without a point. */
  readonly digits: string;
  /** Power of ten of the first digit. */
  readonly exponent: number;
}

/** `n` rounded to `count` significant digits, ties to even, as C's `%.{count-1}e` does. */
export function significantDigits(n: number, count: number): Significant {
  const rounded = parseExponential(n.toExponential(count - 1));
  return count < MOST_PLACES && isTie(n, count, rounded) ? evenNeighbour(n, count, rounded) : rounded;
}

/** JS formats no more places than this. */
const MOST_PLACES = 100;

function parseExponential(text: string): Significant {
  const at = text.indexOf('e');
  const digits = at === 1 ? text.slice(0, 1) : text.slice(0, 1) + text.slice(2, at);
  return { digits, exponent: Number(text.slice(at + 1)) };
}

/**
 * `n` rounded to `count` significant digits without exponent, or undefined where that needs an exponent or a closer
 * look at a tie: a shortcut past `significantDigits` for ordinary numbers.
 */
export function ordinaryDigits(n: number, count: number): string | undefined {
  if (n < 1e-4) return undefined;
  const text = n.toPrecision(count);
  const point = text.indexOf('.');
  const places = point === -1 ? 0 : text.length - 1 - point;
  // One place more, in case the rounding made a power of ten.
  if (isTieAfterPoint(n, places) || isTieAfterPoint(n, places + 1) || text.includes('e')) return undefined;
  return text;
}

/** Does the exact value of `n` end in a lone 5 right behind its first `count` significant digits? */
function isTie(n: number, count: number, rounded: Significant): boolean {
  const places = count - 1 - rounded.exponent;
  if (isTieAfterPoint(n, places)) return true;
  // Rounded up to a power of ten, the number itself has one digit less before the cut.
  return ROUND.test(rounded.digits) && isTieAfterPoint(n, places + 1);
}

const ROUND = /^10*$/;

function evenNeighbour(n: number, count: number, rounded: Significant): Significant {
  const { digits, exponent } = parseExponential(n.toExponential(count));
  const cut = digits.slice(0, count);
  return isOddDigit(cut, count - 1) ? rounded : { digits: cut, exponent };
}

/**
 * Is `n` midway between two neighbouring multiples of 10^-places? An odd multiple of 2^-f has exactly f decimal places
 * and ends in 5, so behind the point that is so exactly when `n` has `places + 1` binary places.
 */
function isTieAfterPoint(n: number, places: number): boolean {
  if (places < 0) return Number.isInteger(n) && isTieOfInteger(BigInt(n), 10n ** BigInt(-places));
  const half = n * (POWERS_OF_TWO[places] ?? 2 ** places);
  return half - Math.floor(half) === 0.5;
}

const POWERS_OF_TWO = Float64Array.from({ length: 100 }, (_, k) => 2 ** k);

function isTieOfInteger(n: bigint, unit: bigint): boolean {
  return (n % unit) * 2n === unit;
}

/** `longer` is `rounded` with one exact digit more: its truncation wins when it is even. */
function lowerIfOdd(rounded: string, longer: string): string {
  const cut = longer.slice(0, longer.charCodeAt(longer.length - 2) === 46 ? -2 : -1);
  return isOddDigit(cut, cut.length - 1) ? rounded : cut;
}

function isOddDigit(text: string, at: number): boolean {
  return (text.charCodeAt(at) & 1) === 1;
}
