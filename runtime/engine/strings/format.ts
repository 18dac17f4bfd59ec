/**
 * `string.format` (Lua 5.1 manual, section 5.4): a format string becomes a list of pieces, each directive a record of
 * its flags. Results equal C's printf; arguments are fetched and converted by the caller.
 */
import { fixedDigits, significantDigits } from './decimal.ts';
import { exponentText, generalDigits, numberToString } from './number.ts';

type IntegerVerb = 'd' | 'i';
type UnsignedVerb = 'u' | 'o' | 'x' | 'X';
type FloatVerb = 'e' | 'E' | 'f' | 'g' | 'G';
type Verb = IntegerVerb | UnsignedVerb | FloatVerb | 'c' | 's' | 'q';

export interface Directive {
  readonly verb: Verb;
  readonly left: boolean;
  readonly plus: boolean;
  readonly space: boolean;
  readonly alternate: boolean;
  readonly zero: boolean;
  readonly width: number;
  /** -1 when absent. */
  readonly precision: number;
  /** No flag, no width, no precision. */
  readonly bare: boolean;
  /** No flag and no width: the text is never padded. */
  readonly plain: boolean;
}

/** A directive that Lua rejects when it gets there (after the test that an argument is left). */
interface InvalidDirective {
  readonly verb: 'invalid';
  readonly message: string;
}

/** Literal text (strings) and what consumes one argument each. */
export type FormatPlan = readonly (string | Directive | InvalidDirective)[];

const CACHE_LIMIT = 500;
const plans = new Map<string, FormatPlan>();

/** The pieces of a format string, from a cache of recent ones. Never throws. */
export function formatPlan(format: string): FormatPlan {
  let plan = plans.get(format);
  if (plan === undefined) {
    plan = parseFormat(format);
    if (plans.size >= CACHE_LIMIT) plans.clear();
    plans.set(format, plan);
  }
  return plan;
}

const DIRECTIVE = /([-+ #0]*)(\d{0,2})(?:(\.)(\d{0,2}))?/y;
const VERBS = 'diuoxXeEfgGcsq';
const MOST_FLAGS = 5;

function parseFormat(format: string): FormatPlan {
  const plan: (string | Directive | InvalidDirective)[] = [];
  let text = '';
  let at = 0;
  for (;;) {
    const percent = format.indexOf('%', at);
    text += format.slice(at, percent === -1 ? undefined : percent);
    if (percent === -1) break;
    if (format[percent + 1] === '%') {
      text += '%';
      at = percent + 2;
      continue;
    }
    if (text !== '') plan.push(text);
    text = '';
    const directive = parseDirective(format, percent + 1);
    plan.push(directive);
    if (directive.verb === 'invalid') return plan;
    at = DIRECTIVE.lastIndex + 1;
  }
  if (text !== '') plan.push(text);
  return plan;
}

/** Leaves `DIRECTIVE.lastIndex` at the verb. */
function parseDirective(format: string, at: number): Directive | InvalidDirective {
  DIRECTIVE.lastIndex = at;
  const [all, flags = '', width = '', point = '', precision = ''] = DIRECTIVE.exec(format) as RegExpExecArray;
  const verb = format[at + (all as string).length] ?? '';
  if (flags.length > MOST_FLAGS) return { verb: 'invalid', message: 'invalid format (repeated flags)' };
  if (verb >= '0' && verb <= '9') {
    return { verb: 'invalid', message: 'invalid format (width or precision too long)' };
  }
  if (!isVerb(verb)) return { verb: 'invalid', message: `invalid option '%${verb}' to 'format'` };
  return {
    verb,
    left: flags.includes('-'),
    plus: flags.includes('+'),
    space: flags.includes(' '),
    alternate: flags.includes('#'),
    zero: flags.includes('0'),
    width: Number(width),
    precision: point === '' ? -1 : Number(precision),
    bare: all === '',
    plain: flags === '' && width === '',
  };
}

function isVerb(text: string): text is Verb {
  return text !== '' && VERBS.includes(text);
}

/** Formats a number for any verb but `s` and `q`. */
export function formatNumber(directive: Directive, n: number): string {
  switch (directive.verb) {
    case 'd':
    case 'i':
      return directive.bare && Number.isSafeInteger(n) ? String(n) : formatInteger(directive, n);
    case 'c':
      return pad(directive, '', String.fromCharCode(toByte(n)), false);
    case 'u':
    case 'o':
    case 'x':
    case 'X':
      return formatUnsigned(directive, n);
    case 's':
    case 'q':
      return formatText(directive, numberToString(n));
    default:
      return formatFloat(directive, directive.verb, n);
  }
}

/** Formats a byte string for `s` (NUL-safe) or `q`. */
export function formatText(directive: Directive, text: string): string {
  if (directive.verb === 'q') return quote(text);
  if (directive.bare) return text;
  return pad(directive, '', directive.precision < 0 ? text : text.slice(0, directive.precision), false);
}

const QUOTED: Readonly<Record<string, string>> = {
  '"': '\\"',
  '\\': '\\\\',
  '\n': '\\\n',
  '\r': '\\r',
  '\0': '\\000',
};

function quote(text: string): string {
  return `"${text.replace(/["\\\n\r\0]/g, (character) => QUOTED[character] as string)}"`;
}

const SMALLEST_LONG = -(2n ** 63n);
const TWO_63 = 2 ** 63;

/** C's conversion of a double to a 64-bit integer: towards zero; what does not fit is the smallest integer. */
function toInteger(n: number): bigint {
  return n >= -TWO_63 && n < TWO_63 ? BigInt(Math.trunc(n)) : SMALLEST_LONG;
}

/** C converts to `int` and takes the low byte; what does not fit in 32 bits becomes the smallest int, thus byte 0. */
function toByte(n: number): number {
  const whole = Math.trunc(n);
  return whole === (whole | 0) ? whole & 255 : 0;
}

function formatInteger(directive: Directive, n: number): string {
  const value = toInteger(n);
  const negative = value < 0n;
  const digits = withLeastDigits((negative ? -value : value).toString(), directive.precision);
  return pad(directive, signText(directive, negative), digits, directive.precision < 0);
}

/** As C converts on x86-64: negative numbers wrap, from 2^64 on the result is 0. */
function toUnsigned(n: number): bigint {
  if (n < TWO_63 || Number.isNaN(n)) return BigInt.asUintN(64, toInteger(n));
  return n < 2 * TWO_63 ? BigInt(Math.trunc(n)) : 0n;
}

function formatUnsigned(directive: Directive, n: number): string {
  const { verb, alternate, precision } = directive;
  const value = toUnsigned(n);
  if (verb === 'o') {
    const digits = withLeastDigits(value.toString(8), precision);
    return pad(directive, '', alternate && digits[0] !== '0' ? `0${digits}` : digits, precision < 0);
  }
  if (verb === 'u') return pad(directive, '', withLeastDigits(value.toString(), precision), precision < 0);
  const digits = withLeastDigits(value.toString(16), precision);
  const text = pad(directive, alternate && value !== 0n ? '0x' : '', digits, precision < 0);
  return verb === 'X' ? text.toUpperCase() : text;
}

/** A precision is a least number of digits; zero with precision 0 has none. */
function withLeastDigits(digits: string, precision: number): string {
  return precision === 0 && digits === '0' ? '' : digits.padStart(precision, '0');
}

function signText(directive: Directive, negative: boolean): string {
  if (negative) return '-';
  if (directive.plus) return '+';
  return directive.space ? ' ' : '';
}

function formatFloat(directive: Directive, verb: FloatVerb, n: number): string {
  if (directive.plain && n > 0 && n < Number.POSITIVE_INFINITY && verb !== 'E' && verb !== 'G') {
    return floatDigits(directive, verb, n);
  }
  const negative = n < 0 || (n === 0 && 1 / n < 0);
  const sign = signText(directive, negative);
  const magnitude = Math.abs(n);
  const finite = magnitude < Number.POSITIVE_INFINITY;
  const text = finite ? floatDigits(directive, verb, magnitude) : notFiniteText(n);
  const padded = pad(directive, sign, text, finite);
  return verb === 'E' || verb === 'G' ? padded.toUpperCase() : padded;
}

function notFiniteText(n: number): string {
  return Number.isNaN(n) ? 'nan' : 'inf';
}

function floatDigits(directive: Directive, verb: FloatVerb, n: number): string {
  const { alternate } = directive;
  const precision = directive.precision < 0 ? 6 : directive.precision;
  if (verb === 'f') return fixedDigits(n, precision) + (alternate && precision === 0 ? '.' : '');
  if (verb === 'g' || verb === 'G') return generalDigits(n, precision || 1, !alternate);
  const { digits, exponent } = significantDigits(n, precision + 1);
  const point = precision > 0 || alternate ? '.' : '';
  return digits[0] + point + digits.slice(1) + exponentText(exponent);
}

/** Fills up to the width: on the right, with zeros behind `prefix`, or with spaces in front. */
function pad(directive: Directive, prefix: string, body: string, zeroAllowed: boolean): string {
  const missing = directive.width - prefix.length - body.length;
  if (missing <= 0) return prefix + body;
  if (directive.left) return prefix + body + ' '.repeat(missing);
  if (directive.zero && zeroAllowed) return prefix + '0'.repeat(missing) + body;
  return ' '.repeat(missing) + prefix + body;
}
