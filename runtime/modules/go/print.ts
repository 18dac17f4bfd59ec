/** Go's fmt package for Lua values: `Print`, `Println` and `Printf` of the reference's log. */
import {
  characterLength,
  chargeMemory,
  encodeCodePoint,
  LuaTable,
  type LuaValue,
  raise,
  stringToNumber,
  textOf,
  toBuffer,
} from '../../host/index.ts';
import { formatFloat, numberText, toInt64 } from './numbers.ts';
import { quote } from './quote.ts';

/** A value as text. */
export function valueText(value: LuaValue): string {
  return typeof value === 'number' ? numberText(value) : textOf(value);
}

/** Without separators but for a space between two values of which none is a text. */
export function printText(values: readonly LuaValue[]): string {
  let text = '';
  values.forEach((value, at) => {
    if (at > 0 && typeof value !== 'string' && typeof values[at - 1] !== 'string') text += ' ';
    text += valueText(value);
  });
  return text;
}

/** With a space between any two, and a line end even after one. */
export function printLineText(values: readonly LuaValue[]): string {
  return `${values.map(valueText).join(' ')}\n`;
}

function goType(value: LuaValue): string {
  switch (typeof value) {
    case 'number':
      return 'lua.LNumber';
    case 'string':
      return 'lua.LString';
    case 'boolean':
      return 'lua.LBool';
    case 'undefined':
      return '*lua.LNilType';
    case 'function':
      return '*lua.LFunction';
    default:
      return value instanceof LuaTable ? '*lua.LTable' : '*lua.LUserData';
  }
}

interface Directive {
  readonly flags: ReadonlySet<string>;
  readonly width: number | undefined;
  readonly precision: number | undefined;
  readonly verb: string;
}

/** A script must not make a line of any width. */
const WIDEST = 1_000_000;
const DIRECTIVE = /^([-+# 0]*)(\*|[0-9]+)?(?:\.(\*|[0-9]+)?)?/;

/** Goes through a format once. */
class Formatter {
  private readonly values: readonly LuaValue[];
  private next = 0;
  private isReordered = false;
  private text = '';

  constructor(values: readonly LuaValue[]) {
    this.values = values;
  }

  run(format: string): string {
    for (let at = 0; at < format.length; ) {
      const percent = format.indexOf('%', at);
      if (percent < 0) {
        this.text += format.slice(at);
        break;
      }
      this.text += format.slice(at, percent);
      at = this.directive(format, percent + 1);
      if (this.text.length > WIDEST * 16) raise('formatted text is too long');
    }
    chargeMemory(this.text.length);
    return this.text + this.surplus();
  }

  /** Returns where the format goes on. */
  private directive(format: string, from: number): number {
    let at = from;
    const [all, flags = '', width, precision] = DIRECTIVE.exec(format.slice(at)) ?? [''];
    at += all.length;
    if (width === '*') this.takeStar('BADWIDTH');
    if (precision === '*') this.takeStar('BADPREC');
    const [index] = /^\[[^\]]*\]/.exec(format.slice(at)) ?? [];
    if (index !== undefined) at += index.length;
    const length = characterLength(format, at) || 1;
    const verb = format.slice(at, at + length);
    if (verb === '') this.text += '%!(NOVERB)';
    else if (verb === '%') this.text += '%';
    else
      this.value({ flags: new Set(flags), width: count(width), precision: precisionOf(all, precision), verb }, index);
    return at + length;
  }

  /** Widths cannot come from a Lua number in the reference either. */
  private takeStar(complaint: string): void {
    this.next += 1;
    this.text += `%!(${complaint})`;
  }

  private value(directive: Directive, index: string | undefined): void {
    const { verb } = directive;
    if (index !== undefined) {
      this.isReordered = true;
      const position = /^\[[0-9]+\]$/.test(index) ? Number(index.slice(1, -1)) : 0;
      if (position < 1 || position > this.values.length) {
        this.text += `%!${verb}(BADINDEX)`;
        return;
      }
      this.next = position - 1;
    }
    if (this.next >= this.values.length) {
      this.text += `%!${verb}(MISSING)`;
      return;
    }
    this.text += formatValue(this.values[this.next], directive);
    this.next += 1;
  }

  private surplus(): string {
    if (this.isReordered || this.next >= this.values.length) return '';
    const extra = this.values.slice(this.next).map((value) => `${goType(value)}=${valueText(value)}`);
    return `%!(EXTRA ${extra.join(', ')})`;
  }
}

function count(digits: string | undefined): number | undefined {
  if (digits === undefined || digits === '*') return undefined;
  const number = Number(digits);
  return number > WIDEST ? undefined : number;
}

function precisionOf(all: string, digits: string | undefined): number | undefined {
  return digits === undefined && all.includes('.') ? 0 : count(digits);
}

/** Too many and too few values show in the text, as in Go. */
export function formatText(format: string, values: readonly LuaValue[]): string {
  return new Formatter(values).run(format);
}

function formatValue(value: LuaValue, directive: Directive): string {
  if (directive.verb === 'T') return pad(goType(value), directive);
  switch (typeof value) {
    case 'number':
      return formatNumber(value, directive);
    case 'string':
      return formatString(value, directive, 'string');
    case 'boolean':
      return formatBoolean(value, directive);
    default:
      return 'svqxX'.includes(directive.verb)
        ? formatString(textOf(value), directive, goType(value))
        : unfit(directive.verb, goType(value), textOf(value));
  }
}

function unfit(verb: string, type: string, text: string): string {
  return `%!${verb}(${type}=${text})`;
}

function formatBoolean(value: boolean, directive: Directive): string {
  const { verb } = directive;
  if ('tvs'.includes(verb)) return pad(String(value), directive);
  if ('xXq'.includes(verb)) return formatString(String(value), directive, 'lua.LBool');
  return unfit(verb, 'lua.LBool', String(value));
}

function formatNumber(value: number, directive: Directive): string {
  const { verb } = directive;
  if ('dixXobcU'.includes(verb)) return formatInteger(toInt64(value), directive);
  if ('feEgGF'.includes(verb)) return formatDecimal(value, directive);
  if ('sq'.includes(verb)) return formatString(numberText(value), directive, 'string');
  if (verb === 'v') return padNumber(numberText(value), directive);
  const type = Number.isInteger(value) ? 'int64' : 'float64';
  return unfit(verb, type, numberText(value));
}

const BASES: Readonly<Record<string, readonly [base: number, prefix: string]>> = {
  d: [10, ''],
  i: [10, ''],
  x: [16, '0x'],
  X: [16, '0X'],
  o: [8, '0'],
  b: [2, '0b'],
};

function formatInteger(value: bigint, directive: Directive): string {
  const { verb, flags, precision } = directive;
  if (verb === 'c') return pad(characterOf(value), directive);
  if (verb === 'U') return pad(`U+${value.toString(16).toUpperCase().padStart(4, '0')}`, directive);
  const [base, prefix] = BASES[verb] ?? [10, ''];
  const magnitude = (value < 0n ? -value : value).toString(base).padStart(precision ?? 1, '0');
  const digits = verb === 'X' ? magnitude.toUpperCase() : magnitude;
  return padNumber(`${value < 0n ? '-' : ''}${flags.has('#') ? prefix : ''}${digits}`, directive);
}

function characterOf(value: bigint): string {
  const isCodePoint = value >= 0n && value <= 0x10ffffn && !(value >= 0xd800n && value <= 0xdfffn);
  return encodeCodePoint(isCodePoint ? Number(value) : 0xfffd);
}

/** JavaScript can do no more digits after the point. */
const MOST_DIGITS = 100;

function formatDecimal(value: number, directive: Directive): string {
  if (!Number.isFinite(value)) return padNumber(formatFloat(value), directive);
  const { verb } = directive;
  const precision = directive.precision === undefined ? undefined : Math.min(directive.precision, MOST_DIGITS);
  const text = decimalText(value, verb.toLowerCase(), precision);
  const signed = Object.is(value, -0) && !text.startsWith('-') ? `-${text}` : text;
  return padNumber(verb === 'E' || verb === 'G' ? signed.toUpperCase() : signed, directive);
}

function decimalText(value: number, verb: string, precision: number | undefined): string {
  if (verb === 'f') return fixedText(value, precision ?? 6);
  if (verb === 'e') return withTwoDigits(value.toExponential(precision ?? 6));
  if (precision === undefined) return formatFloat(value);
  const [digits = '', power = '0'] = value.toExponential(Math.max(precision, 1) - 1).split('e');
  const short = digits.includes('.') ? digits.replace(/\.?0+$/, '') : digits;
  const exponent = Number(power);
  if (exponent < -4 || exponent >= Math.max(precision, 1)) return withTwoDigits(`${short}e${power}`);
  return fixedText(Number(`${short}e${power}`), Math.max(0, short.replace(/[-.]/g, '').length - 1 - exponent));
}

/** Beyond 1e21 `toFixed` writes an exponent. */
function fixedText(value: number, digits: number): string {
  if (Math.abs(value) < 1e21) return value.toFixed(digits);
  return BigInt(value).toString() + (digits > 0 ? `.${'0'.repeat(digits)}` : '');
}

function withTwoDigits(text: string): string {
  return text.replace(/e([+-])([0-9])$/, 'e$10$2');
}

function formatString(bytes: string, directive: Directive, type: string): string {
  const { verb, flags, precision } = directive;
  switch (verb) {
    case 's':
    case 'v':
      return pad(firstCharacters(bytes, precision), directive);
    case 'q':
      return pad(quote(firstCharacters(bytes, precision)), directive);
    case 'x':
    case 'X':
      return pad(hexText(bytes.slice(0, precision), flags, verb), directive);
    case 'd':
      return formatInteger(toInt64(stringToNumber(bytes) ?? 0), directive);
    default:
      return unfit(verb, type, bytes);
  }
}

function hexText(bytes: string, flags: ReadonlySet<string>, verb: string): string {
  const pairs = toBuffer(bytes).toString('hex').match(/../g) ?? [];
  const prefix = flags.has('#') && pairs.length > 0 ? '0x' : '';
  const text = flags.has(' ') ? pairs.map((pair) => prefix + pair).join(' ') : prefix + pairs.join('');
  return verb === 'X' ? text.toUpperCase() : text;
}

function firstCharacters(bytes: string, most: number | undefined): string {
  if (most === undefined) return bytes;
  let at = 0;
  for (let taken = 0; taken < most && at < bytes.length; taken++) at += characterLength(bytes, at) || 1;
  return bytes.slice(0, at);
}

function lengthInCharacters(bytes: string): number {
  let length = 0;
  for (let at = 0; at < bytes.length; length++) at += characterLength(bytes, at) || 1;
  return length;
}

function pad(text: string, { flags, width = 0 }: Directive): string {
  const missing = Math.max(0, width - lengthInCharacters(text));
  const blanks = ' '.repeat(missing);
  return flags.has('-') ? text + blanks : blanks + text;
}

/** Signs where they are asked for; zeros go between the sign and the digits. */
function padNumber(text: string, directive: Directive): string {
  const { flags, width = 0, precision, verb } = directive;
  const sign =
    text.startsWith('-') || text.startsWith('+') ? text[0]! : flags.has('+') ? '+' : flags.has(' ') ? ' ' : '';
  const bare = text.replace(/^[+-]/, '');
  const keepsZeros = !('dixXob'.includes(verb) && precision !== undefined);
  if (!flags.has('0') || flags.has('-') || !keepsZeros) return pad(sign + bare, directive);
  return sign + bare.padStart(width - sign.length, '0');
}
