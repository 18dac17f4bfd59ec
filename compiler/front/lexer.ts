/**
 * Bytes to tokens (Lua 5.1 manual section 2.1). The source is a string of char codes 0-255. Errors and the texts
 * behind `near` follow Lua's own lexer: strings appear with their escapes already replaced, everything stops at a NUL.
 */
import type { Offset } from './ast.ts';
import { SyntaxFailure, syntaxError } from './messages.ts';

const KEYWORD_LIST = [
  'and',
  'break',
  'do',
  'else',
  'elseif',
  'end',
  'false',
  'for',
  'function',
  'if',
  'in',
  'local',
  'nil',
  'not',
  'or',
  'repeat',
  'return',
  'then',
  'true',
  'until',
  'while',
] as const;

type Keyword = (typeof KEYWORD_LIST)[number];
type Symbol51 =
  | '+'
  | '-'
  | '*'
  | '/'
  | '%'
  | '^'
  | '#'
  | '=='
  | '~='
  | '<='
  | '>='
  | '<'
  | '>'
  | '='
  | '('
  | ')'
  | '{'
  | '}'
  | '['
  | ']'
  | ';'
  | ':'
  | ','
  | '.'
  | '..'
  | '...';

/** `byte`: a character that starts no token of Lua. `<eof>` is spelt as in messages. */
export type TokenKind = Keyword | Symbol51 | 'name' | 'string' | 'number' | 'byte' | '<eof>';

export interface Token {
  readonly kind: TokenKind;
  readonly at: Offset;
  readonly end: Offset;
  /** Line on which the token ends. */
  readonly line: number;
  /** The name, or the bytes of the string; empty for everything else. */
  readonly text: string;
  /** Value of a numeral; 0 for everything else. */
  readonly number: number;
}

const KEYWORDS: ReadonlyMap<string, Keyword> = new Map(KEYWORD_LIST.map((word) => [word, word]));

/** Symbols of one character that never start a longer one. */
const SINGLE: readonly (Symbol51 | undefined)[] = (() => {
  const table: (Symbol51 | undefined)[] = new Array(256).fill(undefined);
  for (const symbol of ['+', '*', '/', '%', '^', '#', '(', ')', '{', '}', ']', ';', ':', ','] as const) {
    table[symbol.charCodeAt(0)] = symbol;
  }
  return table;
})();

const LETTER = 1;
const DIGIT = 2;
const SPACE = 4;

/** Character classes of the C locale: no byte above 127 is a letter. */
const CLASSES = (() => {
  const table = new Uint8Array(256);
  for (let c = 0; c < 26; c++) table[65 + c] = table[97 + c] = LETTER;
  table[95] = LETTER;
  for (let c = 48; c <= 57; c++) table[c] = DIGIT;
  for (const c of [9, 11, 12, 32]) table[c] = SPACE;
  return table;
})();

const isDigit = (c: number): boolean => c >= 48 && c <= 57;
const isNewline = (c: number): boolean => c === 10 || c === 13;
/** NaN (end of the source) indexes nothing: no class. */
const classOf = (c: number): number => CLASSES[c] ?? 0;

const SIMPLE_ESCAPES: ReadonlyMap<number, string> = new Map([
  [97, '\x07'],
  [98, '\b'],
  [102, '\f'],
  [110, '\n'],
  [114, '\r'],
  [116, '\t'],
  [118, '\v'],
]);

/** Value of a numeral as C's `strtod` and `strtoul` see it; undefined when it is malformed. */
function numeralValue(text: string): number | undefined {
  if (/^(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?$/.test(text)) return Number(text);
  const hex = /^0[xX]([0-9a-fA-F]+)(?:[pP]([0-9]+))?$/.exec(text);
  if (hex === null) return undefined;
  const mantissa = Number(`0x${hex[1]}`);
  return mantissa === 0 ? 0 : mantissa * 2 ** Number(hex[2] ?? 0);
}

export interface LexerOptions {
  readonly name: string;
  /** Skip a first line that starts with `#` and a byte order mark. */
  readonly isFile: boolean;
  /** Refuse `[[ [[ ]]`, as Lua 5.1 does. */
  readonly strict51: boolean;
}

export class Lexer {
  readonly name: string;
  readonly source: string;
  /** Grows while reading; the current line is its length. */
  readonly lineStarts: number[] = [0];
  readonly #strict51: boolean;
  #at = 0;

  constructor(source: string, options: LexerOptions) {
    this.name = options.name;
    this.source = source;
    this.#strict51 = options.strict51;
    if (options.isFile) this.#skipFileHead();
  }

  /** Line of the last byte read. */
  get line(): number {
    return this.lineStarts.length;
  }

  /** The next token; `<eof>` for ever at the end. Throws `SyntaxFailure`. */
  next(): Token {
    this.#skipBlanks();
    const at = this.#at;
    const c = this.source.charCodeAt(at);
    switch (classOf(c)) {
      case LETTER:
        return this.#word(at);
      case DIGIT:
        return this.#numeral(at);
    }
    if (c === 34 || c === 39) return this.#string(at, c);
    const single = SINGLE[c];
    if (single !== undefined) return this.#symbol(single);
    return this.#otherSymbol(at, c);
  }

  /** A failure at the current line unless told otherwise; `near` is what stands behind `near`, empty for none. */
  fail(message: string, near: string, at: Offset, line: number = this.line): never {
    const nearText = cutAtNul(near);
    const lineStart = this.lineStarts[line - 1] as number;
    const place = { file: this.name, line, column: Math.max(at - lineStart, 0) + 1 };
    throw new SyntaxFailure(syntaxError(near === '' ? message : `${message} near '${nearText}'`, place));
  }

  /** What Lua's messages show of a token. */
  near(token: Token): string {
    switch (token.kind) {
      case 'name':
        return token.text;
      case 'number':
        return this.source.slice(token.at, token.end);
      case 'string':
        return this.#stringAsScanned(token);
      case 'byte':
        return showByte(this.source.charCodeAt(token.at));
      default:
        return token.kind;
    }
  }

  #stringAsScanned(token: Token): string {
    const open = /^\[=*\[|^./.exec(this.source.slice(token.at, token.end))?.[0] ?? '';
    return `${open}${token.text}${open.replaceAll('[', ']')}`;
  }

  #token(kind: TokenKind, at: Offset, text: string, number: number): Token {
    return { kind, at, end: this.#at, line: this.lineStarts.length, text, number };
  }

  #symbol(kind: TokenKind): Token {
    const at = this.#at;
    this.#at += kind.length;
    return this.#token(kind, at, '', 0);
  }

  #otherSymbol(at: Offset, c: number): Token {
    const second = this.source.charCodeAt(at + 1);
    switch (c) {
      case 45: // '-': comments are already skipped
        return this.#symbol('-');
      case 61:
        return this.#symbol(second === 61 ? '==' : '=');
      case 60:
        return this.#symbol(second === 61 ? '<=' : '<');
      case 62:
        return this.#symbol(second === 61 ? '>=' : '>');
      case 126:
        if (second === 61) return this.#symbol('~=');
        break;
      case 46:
        if (isDigit(second)) return this.#numeral(at);
        if (second !== 46) return this.#symbol('.');
        return this.#symbol(this.source.charCodeAt(at + 2) === 46 ? '...' : '..');
      case 91:
        return this.#bracket(at);
    }
    if (at >= this.source.length) return this.#token('<eof>', at, '', 0);
    this.#at = at + 1;
    return this.#token('byte', at, '', 0);
  }

  #skipFileHead(): void {
    if (this.source.startsWith('\xEF\xBB\xBF')) this.#at = 3;
    if (this.source[this.#at] === '#') this.#skipLine();
  }

  #skipLine(): void {
    let at = this.#at;
    while (at < this.source.length && !isNewline(this.source.charCodeAt(at))) at++;
    this.#at = at;
  }

  /** Spaces, line ends, comments. */
  #skipBlanks(): void {
    for (;;) {
      const c = this.source.charCodeAt(this.#at);
      if (classOf(c) === SPACE) this.#at++;
      else if (isNewline(c)) this.#newline();
      else if (c === 45 && this.source.charCodeAt(this.#at + 1) === 45) this.#comment();
      else return;
    }
  }

  /** `\n`, `\r`, `\r\n` and `\n\r` are one line end each. */
  #newline(): void {
    const first = this.source.charCodeAt(this.#at++);
    const second = this.source.charCodeAt(this.#at);
    if (isNewline(second) && second !== first) this.#at++;
    this.lineStarts.push(this.#at);
  }

  #comment(): void {
    this.#at += 2;
    const level = this.#longBracketLevel();
    if (level >= 0) this.#longText(level, 'comment');
    else this.#skipLine();
  }

  /** Level of the long bracket that opens here, -1 when none does. */
  #longBracketLevel(): number {
    if (this.source.charCodeAt(this.#at) !== 91) return -1;
    let at = this.#at + 1;
    while (this.source.charCodeAt(at) === 61) at++;
    return this.source.charCodeAt(at) === 91 ? at - this.#at - 1 : -1;
  }

  #bracket(at: Offset): Token {
    const level = this.#longBracketLevel();
    if (level >= 0) return this.#token('string', at, this.#longText(level, 'string'), 0);
    if (this.source.charCodeAt(at + 1) !== 61) return this.#symbol('[');
    let end = at + 1;
    while (this.source.charCodeAt(end) === 61) end++;
    return this.fail('invalid long string delimiter', this.source.slice(at, end), at);
  }

  /** Reads `[==[ … ]==]` from its opening bracket; the first line end is dropped, all others become `\n`. */
  #longText(level: number, what: 'string' | 'comment'): string {
    const { source } = this;
    const open = this.#at;
    const close = `]${'='.repeat(level)}]`;
    this.#at += level + 2;
    if (isNewline(source.charCodeAt(this.#at))) this.#newline();
    const found = source.indexOf(close, this.#at);
    const end = found < 0 ? source.length : found;
    if (this.#strict51 && level === 0) this.#refuseNesting(end);
    const text = this.#readLines(end, what === 'string');
    if (found < 0) this.fail(`unfinished long ${what}`, '<eof>', open);
    this.#at = found + close.length;
    return text;
  }

  #refuseNesting(end: Offset): void {
    const nested = this.source.indexOf('[[', this.#at);
    if (nested < 0 || nested >= end) return;
    this.#readLines(nested, false);
    this.fail('nesting of [[...]] is deprecated', '[', nested);
  }

  /** Counts the lines up to `end` and, when wanted, joins their text with `\n`. */
  #readLines(end: Offset, wanted: boolean): string {
    const { source } = this;
    let text = '';
    let from = this.#at;
    for (let at = from; at < end; ) {
      if (!isNewline(source.charCodeAt(at))) {
        at++;
        continue;
      }
      if (wanted) text += `${source.slice(from, at)}\n`;
      this.#at = at;
      this.#newline();
      from = at = this.#at;
    }
    return wanted ? text + source.slice(from, end) : '';
  }

  #word(at: Offset): Token {
    const { source } = this;
    let end = at + 1;
    while ((classOf(source.charCodeAt(end)) & (LETTER | DIGIT)) !== 0) end++;
    this.#at = end;
    const text = source.slice(at, end);
    const keyword = KEYWORDS.get(text);
    return keyword === undefined ? this.#token('name', at, text, 0) : this.#token(keyword, at, '', 0);
  }

  /** Takes in all following digits and dots, an exponent, and all letters behind: `3x` is one malformed number. */
  #numeral(at: Offset): Token {
    const { source } = this;
    let end = at + 1;
    let c = source.charCodeAt(end);
    while (isDigit(c) || c === 46) c = source.charCodeAt(++end);
    if (c === 69 || c === 101) {
      c = source.charCodeAt(++end);
      if (c === 43 || c === 45) c = source.charCodeAt(++end);
    }
    while ((classOf(c) & (LETTER | DIGIT)) !== 0) c = source.charCodeAt(++end);
    const text = source.slice(at, end);
    const value = numeralValue(text);
    if (value === undefined) return this.fail('malformed number', text, at);
    this.#at = end;
    return this.#token('number', at, '', value);
  }

  #string(at: Offset, quote: number): Token {
    const { source } = this;
    let text = '';
    let from = at + 1;
    this.#at = from;
    for (;;) {
      const c = source.charCodeAt(this.#at);
      if (c === quote) break;
      if (c === 92) {
        text += source.slice(from, this.#at);
        text += this.#escape(at, text);
        from = this.#at;
      } else if (isNewline(c)) {
        this.fail('unfinished string', source.charAt(at) + text + source.slice(from, this.#at), at);
      } else if (this.#at >= source.length) {
        this.fail('unfinished string', '<eof>', at);
      } else {
        this.#at++;
      }
    }
    text += source.slice(from, this.#at);
    this.#at++;
    return this.#token('string', at, text, 0);
  }

  /** Reads an escape sequence from its backslash; `before` is the text of the string so far, for the message. */
  #escape(stringAt: Offset, before: string): string {
    const c = this.source.charCodeAt(++this.#at);
    if (isNewline(c)) {
      this.#newline();
      return '\n';
    }
    if (isDigit(c)) return this.#decimalEscape(stringAt, before);
    if (this.#at >= this.source.length) return '';
    this.#at++;
    return SIMPLE_ESCAPES.get(c) ?? String.fromCharCode(c);
  }

  #decimalEscape(stringAt: Offset, before: string): string {
    let code = 0;
    for (let digits = 0; digits < 3; digits++) {
      const c = this.source.charCodeAt(this.#at);
      if (!isDigit(c)) break;
      code = code * 10 + c - 48;
      this.#at++;
    }
    if (code > 255) this.fail('escape sequence too large', this.source.charAt(stringAt) + before, stringAt);
    return String.fromCharCode(code);
  }
}

function cutAtNul(text: string): string {
  const nul = text.indexOf('\0');
  return nul < 0 ? text : text.slice(0, nul);
}

/** Lua shows control characters as `char(N)`, and nothing at all for a NUL. */
function showByte(c: number): string {
  if (c === 0) return '';
  return c < 32 || c === 127 ? `char(${c})` : String.fromCharCode(c);
}
