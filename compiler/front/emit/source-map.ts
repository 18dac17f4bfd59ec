/**
 * Positions back to the Lua file: emitted text carries marks, which are taken out at the end and become a source map of
 * version 3. A mark holds until the next one.
 */
import { type Chunk, lineAt, type Offset } from '../ast.ts';

/** Source map version 3, with the source inside. */
export interface SourceMap {
  readonly version: 3;
  readonly file: string;
  readonly sources: readonly string[];
  readonly sourcesContent: readonly string[];
  readonly names: readonly string[];
  readonly mappings: string;
}

interface Mark {
  readonly at: Offset;
  /** How a call names its callee, e.g. `method push`, `?`; a trailing `!` marks a tail call. */
  readonly name: string | undefined;
}

/** None of these characters occurs in emitted code otherwise: literals are printable ASCII. */
const OPEN = '\u0001';
const CLOSE = '\u0002';
const DEEPER = '\u0003';
const SHALLOWER = '\u0004';

/** The lines of `code` one step further to the right, once the text is finished: not copied at each level. */
export function indent(code: string): string {
  return DEEPER + code + SHALLOWER;
}

export class Marks {
  private readonly marks: Mark[] = [];

  /** Text to put in front of the code that belongs to `at`. */
  mark(at: Offset, name?: string): string {
    this.marks.push({ at, name });
    return `${OPEN}${(this.marks.length - 1).toString(36)}${CLOSE}`;
  }

  /** Splits marked text into code and map. */
  finish(text: string, chunk: Chunk): { readonly code: string; readonly map: SourceMap } {
    const positions = new Positions(chunk);
    const code = this.#write(text, positions);
    const map: SourceMap = {
      version: 3,
      file: `${chunk.name}.js`,
      sources: [chunk.name],
      sourcesContent: [decodeSource(chunk.source)],
      names: positions.names(),
      mappings: positions.text(),
    };
    return { code, map };
  }

  #write(text: string, positions: Positions): string {
    const code: string[] = [];
    let depth = 0;
    let line = '';
    let from = 0;
    const take = (to: number): void => {
      if (to > from) line = (line === '' ? '  '.repeat(depth) : line) + text.slice(from, to);
    };
    for (let at = 0; at <= text.length; at++) {
      const character = at === text.length ? NEW_LINE : text.charCodeAt(at);
      if (character > LAST_MARK && character !== NEW_LINE) continue;
      take(at);
      from = at + 1;
      if (character === NEW_LINE) {
        code.push(line);
        positions.endLine();
        line = '';
      } else if (character === 1) {
        from = text.indexOf(CLOSE, at) + 1;
        if (line === '') line = '  '.repeat(depth);
        positions.add(line.length, this.marks[Number.parseInt(text.slice(at + 1, from - 1), 36)] as Mark);
        at = from - 1;
      } else depth += character === 3 ? 1 : -1;
    }
    return code.join('\n');
  }
}

const NEW_LINE = 10;
const LAST_MARK = 4;

/** The mappings of one chunk while its code is written. */
class Positions {
  readonly #chunk: Chunk;
  readonly #isAscii: boolean;
  readonly #names = new Map<string, number>();
  readonly #encoder = new MappingEncoder();

  constructor(chunk: Chunk) {
    this.#chunk = chunk;
    this.#isAscii = !/[\x80-\xff]/.test(chunk.source);
  }

  add(column: number, { at, name }: Mark): void {
    const { lineStarts, source } = this.#chunk;
    const line = lineAt(this.#chunk, at);
    const start = lineStarts[line - 1] as number;
    const sourceColumn = this.#isAscii ? at - start : textColumn(source, start, at);
    this.#encoder.segment(column, line - 1, sourceColumn, nameIndex(this.#names, name));
  }

  endLine(): void {
    this.#encoder.endLine();
  }

  names(): readonly string[] {
    return [...this.#names.keys()];
  }

  text(): string {
    return this.#encoder.text();
  }
}

function nameIndex(names: Map<string, number>, name: string | undefined): number | undefined {
  if (name === undefined) return undefined;
  const known = names.get(name);
  if (known !== undefined) return known;
  names.set(name, names.size);
  return names.size - 1;
}

/** Looking through longer lines for each position would take for ever; nobody reads their columns. */
const LONGEST_READ_LINE = 2000;

/** Lua columns count bytes, source maps count UTF-16 units of the text that is shown. */
function textColumn(source: string, lineStart: Offset, at: Offset): number {
  const bytes = at - lineStart;
  return bytes > LONGEST_READ_LINE ? bytes : decodeSource(source.slice(lineStart, at)).length;
}

/** Bytes as text: UTF-8 where they are, otherwise as Latin-1. */
function decodeSource(bytes: string): string {
  if (!/[\x80-\xff]/.test(bytes)) return bytes;
  return new TextDecoder().decode(Uint8Array.from(bytes, (character) => character.charCodeAt(0)));
}

const DIGITS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

class MappingEncoder {
  private readonly done: string[] = [];
  private segments: string[] = [];
  private column = 0;
  private line = 0;
  private sourceColumn = 0;
  private name = 0;

  segment(column: number, line: number, sourceColumn: number, name: number | undefined): void {
    let text = encode(column - this.column) + encode(0) + encode(line - this.line);
    text += encode(sourceColumn - this.sourceColumn);
    if (name !== undefined) {
      text += encode(name - this.name);
      this.name = name;
    }
    this.column = column;
    this.line = line;
    this.sourceColumn = sourceColumn;
    this.segments.push(text);
  }

  endLine(): void {
    this.done.push(this.segments.join(','));
    this.segments = [];
    this.column = 0;
  }

  text(): string {
    return this.done.join(';');
  }
}

/** Base64 VLQ: five bits a digit, lowest first, sign in the lowest bit. */
function encode(value: number): string {
  let rest = value < 0 ? -value * 2 + 1 : value * 2;
  let text = '';
  do {
    const digit = rest % 32;
    rest = Math.floor(rest / 32);
    text += DIGITS[rest > 0 ? digit + 32 : digit];
  } while (rest > 0);
  return text;
}
