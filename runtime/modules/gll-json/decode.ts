/**
 * JSON text to Lua values, byte by byte and without recursion, with the error texts of Go's encoding/json.
 * Objects get the shared marker metatable, null members are absent, null elements are dropped.
 */
import { encodeCodePoint, LuaTable, type LuaValue, rawSet, replaceInvalid } from '../../host/index.ts';

/** Why a text is no JSON; `message` is what the script gets. */
export class JsonError extends Error {}

/** The text ends where more must follow; a stream may still deliver it. */
export class IncompleteJson extends JsonError {
  constructor() {
    super('unexpected end of JSON input');
  }
}

export interface Decoded {
  readonly value: LuaValue;
  /** Index of the first byte behind the value. */
  readonly end: number;
}

/** How a new object comes into being: a table with the marker metatable. */
export type MakeObject = () => LuaTable;

const DEEPEST = 10_000;

/** Instead of a value: a container was opened, its first value comes next. */
const OPENED = Symbol('opened');

/** The whole text must be one value. Throws `JsonError`. */
export function decodeText(text: string, makeObject: MakeObject): LuaValue {
  const decoder = new Decoder(text, 0, false, makeObject);
  const value = decoder.value();
  decoder.skipBlanks();
  if (decoder.at < text.length) throw unexpected(text, decoder.at, 'after top-level value');
  decoder.raiseOverflow();
  return value;
}

/**
 * The next value at or after `at`. A number at the end of the text counts as cut off unless `isComplete`.
 * Throws `IncompleteJson` when the value may go on, `JsonError` otherwise.
 */
export function decodeNext(text: string, at: number, isComplete: boolean, makeObject: MakeObject): Decoded {
  const decoder = new Decoder(text, at, true, makeObject);
  const value = decoder.value();
  if (!isComplete && decoder.at === text.length && typeof value === 'number') throw new IncompleteJson();
  decoder.raiseOverflow();
  return { value, end: decoder.at };
}

function unexpected(text: string, at: number, where: string): JsonError {
  return new JsonError(`invalid character ${quoteByte(at < text.length ? text.charCodeAt(at) : 32)} ${where}`);
}

const ESCAPED: Readonly<Record<number, string>> = {
  7: '\\a',
  8: '\\b',
  9: '\\t',
  10: '\\n',
  11: '\\v',
  12: '\\f',
  13: '\\r',
  39: "\\'",
  92: '\\\\',
};

/** A byte as Go quotes the Latin-1 character of that number. */
function quoteByte(byte: number): string {
  const escaped = ESCAPED[byte];
  if (escaped !== undefined) return `'${escaped}'`;
  if (byte < 32 || byte === 127) return `'\\x${byte.toString(16).padStart(2, '0')}'`;
  if ((byte >= 128 && byte <= 160) || byte === 173) return `'\\u${byte.toString(16).padStart(4, '0')}'`;
  return `'${encodeCodePoint(byte)}'`;
}

/** An object or list that is not closed yet. */
interface Open {
  readonly table: LuaTable;
  readonly isObject: boolean;
  key: string;
  next: number;
}

function put(container: Open, value: LuaValue): void {
  if (container.isObject) rawSet(container.table, container.key, value);
  else if (value !== undefined) rawSet(container.table, container.next++, value);
}

const SIMPLE_ESCAPES: Readonly<Record<string, string>> = {
  '"': '"',
  '\\': '\\',
  '/': '/',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
};

/** Characters that end the plain part of a string. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are not allowed in JSON strings
const SPECIAL = /["\\\x00-\x1f]/g;
const NUMBER = /-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?/y;

class Decoder {
  at: number;
  private readonly text: string;
  private readonly isStream: boolean;
  private readonly makeObject: MakeObject;
  private readonly open: Open[] = [];
  private overflow = '';
  private result: LuaValue = undefined;

  constructor(text: string, at: number, isStream: boolean, makeObject: MakeObject) {
    this.text = text;
    this.at = at;
    this.isStream = isStream;
    this.makeObject = makeObject;
  }

  /** A number that no double holds is an error, but only if nothing else is wrong. */
  raiseOverflow(): void {
    if (this.overflow === '') return;
    throw new JsonError(`json: cannot unmarshal number ${this.overflow} into Go value of type float64`);
  }

  skipBlanks(): void {
    for (; this.at < this.text.length; this.at++) {
      const byte = this.text.charCodeAt(this.at);
      if (byte !== 32 && byte !== 10 && byte !== 13 && byte !== 9) return;
    }
  }

  /** Reads one value with everything in it. */
  value(): LuaValue {
    for (;;) {
      const started = this.start();
      if (started !== OPENED && this.close(started)) return this.result;
    }
  }

  /** Puts a finished value where it belongs, and with it all containers that end behind it; true at the outermost. */
  private close(finished: LuaValue): boolean {
    let value = finished;
    for (let parent = this.open.at(-1); parent !== undefined; parent = this.open.at(-1)) {
      put(parent, value);
      if (this.continueIn(parent)) return false;
      this.open.pop();
      value = parent.table;
    }
    this.result = value;
    return true;
  }

  /** A scalar, an empty object or list, or `OPENED` when there is something inside. */
  private start(): LuaValue | typeof OPENED {
    this.skipBlanks();
    switch (this.peek()) {
      case '{':
        return this.enter({ table: this.makeObject(), isObject: true, key: '', next: 1 });
      case '[':
        return this.enter({ table: new LuaTable(), isObject: false, key: '', next: 1 });
      case '"':
        this.at += 1;
        return this.string();
      case 't':
        return this.literal('true', true);
      case 'f':
        return this.literal('false', false);
      case 'n':
        return this.literal('null', undefined);
      default:
        return this.number();
    }
  }

  private peek(): string {
    if (this.at >= this.text.length) throw new IncompleteJson();
    return this.text[this.at]!;
  }

  private enter(container: Open): LuaValue | typeof OPENED {
    if (this.open.length >= DEEPEST) throw unexpected(this.text, this.at, 'exceeded max depth');
    this.at += 1;
    this.skipBlanks();
    if (this.peek() === (container.isObject ? '}' : ']')) {
      this.at += 1;
      return container.table;
    }
    if (container.isObject) this.key(container);
    this.open.push(container);
    return OPENED;
  }

  /** Behind a value: true when another one follows, false when the container is closed. */
  private continueIn(container: Open): boolean {
    this.skipBlanks();
    const character = this.peek();
    if (character === (container.isObject ? '}' : ']')) {
      this.at += 1;
      return false;
    }
    if (character !== ',') {
      const where = container.isObject ? 'after object key:value pair' : 'after array element';
      throw unexpected(this.text, this.at, where);
    }
    this.at += 1;
    if (container.isObject) {
      this.skipBlanks();
      this.key(container);
    }
    return true;
  }

  private key(container: Open): void {
    if (this.peek() !== '"') throw unexpected(this.text, this.at, 'looking for beginning of object key string');
    this.at += 1;
    container.key = this.string();
    this.skipBlanks();
    if (this.peek() !== ':') throw unexpected(this.text, this.at, 'after object key');
    this.at += 1;
  }

  private literal(word: string, value: LuaValue): LuaValue {
    for (let index = 1; index < word.length; index++) {
      this.at += 1;
      if (this.text[this.at] === word[index]) continue;
      this.cutOff();
      throw unexpected(this.text, this.at, `in literal ${word} (expecting '${word[index]}')`);
    }
    this.at += 1;
    return value;
  }

  /** In a stream the rest may still come. */
  private cutOff(): void {
    if (this.at >= this.text.length && this.isStream) throw new IncompleteJson();
  }

  private number(): number {
    NUMBER.lastIndex = this.at;
    const match = NUMBER.exec(this.text);
    if (match === null) throw this.numberError();
    const digits = match[0];
    const end = this.at + digits.length;
    const next = this.text[end];
    if (next === '.' || next === 'e' || next === 'E') this.numberTail(end, digits);
    this.at = end;
    const value = Number(digits);
    if (!Number.isFinite(value) && this.overflow === '') this.overflow = digits;
    return value;
  }

  private numberError(): JsonError {
    if (this.text[this.at] !== '-') return unexpected(this.text, this.at, 'looking for beginning of value');
    this.at += 1;
    this.cutOff();
    return unexpected(this.text, this.at, 'in numeric literal');
  }

  /** A point or exponent without digits behind a number that is right so far. */
  private numberTail(end: number, digits: string): void {
    const isExponent = this.text[end] !== '.';
    if (!isExponent && digits.includes('.')) return;
    if (isExponent && /[eE]/.test(digits)) return;
    this.at = end + 1;
    if (isExponent && (this.text[this.at] === '+' || this.text[this.at] === '-')) this.at += 1;
    this.cutOff();
    throw unexpected(
      this.text,
      this.at,
      isExponent ? 'in exponent of numeric literal' : 'after decimal point in numeric literal',
    );
  }

  /** Behind the opening quote. */
  private string(): string {
    let decoded = '';
    for (;;) {
      SPECIAL.lastIndex = this.at;
      const match = SPECIAL.exec(this.text);
      if (match === null) throw new IncompleteJson();
      decoded += replaceInvalid(this.text.slice(this.at, match.index));
      this.at = match.index + 1;
      if (match[0] === '"') return decoded;
      if (match[0] !== '\\') throw unexpected(this.text, match.index, 'in string literal');
      decoded += this.escape();
    }
  }

  private escape(): string {
    const character = this.text[this.at];
    if (character === 'u') return this.unicodeEscape();
    const simple = character === undefined ? undefined : SIMPLE_ESCAPES[character];
    if (simple === undefined) {
      this.cutOff();
      throw unexpected(this.text, this.at, 'in string escape code');
    }
    this.at += 1;
    return simple;
  }

  private unicodeEscape(): string {
    const unit = this.hexUnit();
    if (unit < 0xd800 || unit > 0xdbff || !this.text.startsWith('\\u', this.at)) return encodeCodePoint(unit);
    const behind = this.at;
    this.at += 1;
    const low = this.hexUnit();
    if (low >= 0xdc00 && low <= 0xdfff) return encodeCodePoint(0x10000 + ((unit - 0xd800) << 10) + (low - 0xdc00));
    this.at = behind;
    return encodeCodePoint(unit);
  }

  /** At the `u` of an escape: the number behind it. */
  private hexUnit(): number {
    for (let index = 1; index <= 4; index++) {
      if (/^[0-9a-fA-F]$/.test(this.text[this.at + index] ?? '')) continue;
      this.at += index;
      this.cutOff();
      throw unexpected(this.text, this.at, 'in \\u hexadecimal character escape');
    }
    const unit = Number.parseInt(this.text.slice(this.at + 1, this.at + 5), 16);
    this.at += 5;
    return unit;
  }
}
