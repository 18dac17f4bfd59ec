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
  const text = n.toExponential(count - 1);
  const at = text.indexOf('e');
  const exponent = Number(text.slice(at + 1));
  const digits = withoutPoint(text.slice(0, at));
  if (n === 0 || count > 99) return { digits, exponent };
  return isTie(n, count) ? evenNeighbour(n, count) : { digits, exponent };
}

/** Does the exact value of `n` end in a lone 5 right behind its first `count` significant digits? */
function isTie(n: number, count: number): boolean {
  const longer = n.toExponential(count);
  const at = longer.indexOf('e');
  if (longer.charCodeAt(at - 1) !== 53) return false;
  const exponent = Number(longer.slice(at + 1));
  const places = count - 1 - exponent;
  if (places >= 0) return isTieAfterPoint(n, places);
  if (!Number.isInteger(n)) return false;
  const unit = 10n ** BigInt(-places);
  return (BigInt(n) % unit) * 2n === unit;
}

/**
 * An odd multiple of 2^-f has exactly f decimal places and ends in 5, so `n` lies midway between two numbers of
 * `places` decimals exactly when it has `places + 1` binary places.
 */
function isTieAfterPoint(n: number, places: number): boolean {
  const scaled = n * 2 ** (places + 1);
  return scaled % 2 === 1;
}

function evenNeighbour(n: number, count: number): Significant {
  const longer = n.toExponential(count);
  const at = longer.indexOf('e');
  const exponent = Number(longer.slice(at + 1));
  const cut = withoutPoint(longer.slice(0, at)).slice(0, count);
  if (isOddDigit(cut, count - 1)) {
    const up = n.toExponential(count - 1);
    const end = up.indexOf('e');
    return { digits: withoutPoint(up.slice(0, end)), exponent: Number(up.slice(end + 1)) };
  }
  return { digits: cut, exponent };
}

/** `longer` is `rounded` with one exact digit more: its truncation wins when it is even. */
function lowerIfOdd(rounded: string, longer: string): string {
  const cut = longer.slice(0, longer.charCodeAt(longer.length - 2) === 46 ? -2 : -1);
  return isOddDigit(cut, cut.length - 1) ? rounded : cut;
}

function isOddDigit(text: string, at: number): boolean {
  return (text.charCodeAt(at) & 1) === 1;
}

function withoutPoint(mantissa: string): string {
  return mantissa.length === 1 ? mantissa : mantissa[0] + mantissa.slice(2);
}
