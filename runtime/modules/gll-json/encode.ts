/**
 * Lua values to JSON as Go's encoding/json writes them: sorted keys, HTML characters escaped, its number format.
 * Without recursion, so that depth is limited by memory only.
 */
import {
  characterLength,
  charge,
  chargeMemory,
  getMetatable,
  isAscii,
  isTruthy,
  LuaTable,
  type LuaValue,
  rawGet,
  TableCursor,
  typeName,
} from '../../host/index.ts';
import { JsonError } from './decode.ts';

/** Name of the field in a metatable that makes an empty table an object. */
export const OBJECT_MARKER = '__jsonTableIsObject';

export interface EncodeStyle {
  readonly escapesHtml: boolean;
  /** Written at the start of every line but the first. */
  readonly prefix: string;
  /** Written once per level; lines are broken only when this or `prefix` is not empty. */
  readonly indent: string;
}

export const COMPACT: EncodeStyle = Object.freeze({ escapesHtml: true, prefix: '', indent: '' });

/** Throws `JsonError` with the text for the script. */
export function encodeValue(value: LuaValue, style: EncodeStyle): string {
  return new Encoder(style).encode(value);
}

/** A table being written. */
interface Open {
  readonly table: LuaTable;
  /** Sorted, for an object; undefined for a list. */
  readonly keys: readonly string[] | undefined;
  readonly values: readonly LuaValue[];
  next: number;
}

/** Characters that are written between two looks at the budget. */
const PORTION = 65_536;

/** A table that occurs often is written often: a few small ones can stand for a text that no memory holds. */
class Encoder {
  private readonly style: EncodeStyle;
  private readonly open: Open[] = [];
  private readonly onPath = new Set<LuaTable>();
  private text = '';
  private paidFor = 0;

  constructor(style: EncodeStyle) {
    this.style = style;
  }

  encode(value: LuaValue): string {
    this.write(value);
    for (let container = this.open.at(-1); container !== undefined; container = this.open.at(-1)) {
      if (container.next < container.values.length) this.writeNext(container);
      else this.close(container);
    }
    return this.text;
  }

  private writeNext(container: Open): void {
    const at = container.next++;
    if (at > 0) this.text += ',';
    this.breakLine(this.open.length);
    if (container.keys !== undefined) {
      this.text += `${quote(container.keys[at]!, this.style.escapesHtml)}:${this.breaksLines ? ' ' : ''}`;
    }
    this.write(container.values[at]);
    if (this.text.length - this.paidFor > PORTION) this.pay();
  }

  private pay(): void {
    chargeMemory(this.text.length - this.paidFor);
    this.paidFor = this.text.length;
  }

  private close(container: Open): void {
    this.open.pop();
    this.onPath.delete(container.table);
    this.breakLine(this.open.length);
    this.text += container.keys === undefined ? ']' : '}';
  }

  private get breaksLines(): boolean {
    return this.style.prefix !== '' || this.style.indent !== '';
  }

  private breakLine(level: number): void {
    if (this.breaksLines) this.text += `\n${this.style.prefix}${this.style.indent.repeat(level)}`;
  }

  private write(value: LuaValue): void {
    if (typeof value === 'string') this.text += quote(value, this.style.escapesHtml);
    else if (typeof value === 'number') this.text += this.numberText(value);
    else if (value === undefined) this.text += 'null';
    else if (typeof value === 'boolean') this.text += String(value);
    else if (value instanceof LuaTable) this.enter(value);
    else throw this.failure(`cannot encode ${typeName(value)} to JSON`);
  }

  /** JavaScript and Go write finite numbers alike, but for negative zero. */
  private numberText(value: number): string {
    if (Number.isNaN(value)) throw this.failure('json: unsupported value: NaN');
    if (!Number.isFinite(value)) throw this.failure(`json: unsupported value: ${value > 0 ? '+' : '-'}Inf`);
    return Object.is(value, -0) ? '-0' : String(value);
  }

  /** The first key says what a table is. */
  private enter(table: LuaTable): void {
    if (this.onPath.has(table)) throw this.failure('cannot encode recursively nested tables to JSON');
    const cursor = new TableCursor(table);
    if (!cursor.step()) {
      this.text += isMarkedAsObject(table) ? '{}' : '[]';
      return;
    }
    const first = cursor.k;
    if (typeof first !== 'number' && typeof first !== 'string') throw this.mixedKeys();
    this.onPath.add(table);
    charge(1);
    this.text += typeof first === 'number' ? '[' : '{';
    this.open.push(typeof first === 'number' ? this.openList(table) : this.openObject(table));
  }

  private openList(table: LuaTable): Open {
    const values: LuaValue[] = [];
    for (const cursor = new TableCursor(table); cursor.step(); ) {
      if (typeof cursor.k !== 'number') throw this.mixedKeys();
      if (cursor.k !== values.length + 1) throw this.failure('cannot encode sparse array');
      values.push(cursor.v);
    }
    return { table, keys: undefined, values, next: 0 };
  }

  private openObject(table: LuaTable): Open {
    const keys: string[] = [];
    for (const cursor = new TableCursor(table); cursor.step(); ) {
      if (typeof cursor.k !== 'string') throw this.mixedKeys();
      keys.push(cursor.k);
    }
    keys.sort();
    return { table, keys, values: keys.map((key) => rawGet(table, key)), next: 0 };
  }

  private mixedKeys(): JsonError {
    return this.failure('cannot encode mixed or invalid key types');
  }

  /** The reference names its own type once per level of nesting. */
  private failure(message: string): JsonError {
    return new JsonError(
      'json: error calling MarshalJSON for type json.jsonValue: '.repeat(this.open.length + 1) + message,
    );
  }
}

function isMarkedAsObject(table: LuaTable): boolean {
  const metatable = getMetatable(table);
  return metatable !== undefined && isTruthy(rawGet(metatable, OBJECT_MARKER));
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are escaped
const ESCAPED = /["\\\x00-\x1f]/g;
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are escaped
const ESCAPED_IN_HTML = /["\\<>&\x00-\x1f]/g;

const SHORT: Readonly<Record<string, string>> = {
  '"': '\\"',
  '\\': '\\\\',
  '\b': '\\b',
  '\f': '\\f',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
};

/** ASCII without quotes, backslashes, HTML and control characters. */
const UNTOUCHED = /^[ !#-%'-;=?-[\]-\x7f]*$/;

function quote(bytes: string, escapesHtml: boolean): string {
  if (UNTOUCHED.test(bytes)) return `"${bytes}"`;
  const escaped = bytes.replace(escapesHtml ? ESCAPED_IN_HTML : ESCAPED, escapeCharacter);
  return `"${isAscii(escaped) ? escaped : escapeBeyondAscii(escaped)}"`;
}

function escapeCharacter(character: string): string {
  return SHORT[character] ?? `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}

/** Line and paragraph separator and what is not UTF-8 are escaped, other characters stay. */
function escapeBeyondAscii(bytes: string): string {
  let text = '';
  for (let at = 0; at < bytes.length; ) {
    const length = characterLength(bytes, at);
    const character = bytes.slice(at, at + (length || 1));
    if (length === 0) text += '\\ufffd';
    else if (character === '\xe2\x80\xa8') text += '\\u2028';
    else text += character === '\xe2\x80\xa9' ? '\\u2029' : character;
    at += length || 1;
  }
  return text;
}
