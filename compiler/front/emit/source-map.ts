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

/** Neither character occurs in emitted code otherwise: literals are printable ASCII. */
const OPEN = '\u0001';
const CLOSE = '\u0002';
const MARK = new RegExp(`${OPEN}([0-9a-z]+)${CLOSE}`, 'g');

export class Marks {
  private readonly marks: Mark[] = [];

  /** Text to put in front of the code that belongs to `at`. */
  mark(at: Offset, name?: string): string {
    this.marks.push({ at, name });
    return `${OPEN}${(this.marks.length - 1).toString(36)}${CLOSE}`;
  }

  /** Splits marked text into code and map. */
  finish(text: string, chunk: Chunk): { readonly code: string; readonly map: SourceMap } {
    const names = new Map<string, number>();
    const encoder = new MappingEncoder();
    const lines = text.split('\n').map((line) => {
      const code = this.finishLine(line, chunk, names, encoder);
      encoder.endLine();
      return code;
    });
    const map: SourceMap = {
      version: 3,
      file: `${chunk.name}.js`,
      sources: [chunk.name],
      sourcesContent: [decodeSource(chunk.source)],
      names: [...names.keys()],
      mappings: encoder.text(),
    };
    return { code: lines.join('\n'), map };
  }

  private finishLine(line: string, chunk: Chunk, names: Map<string, number>, encoder: MappingEncoder): string {
    let code = '';
    let from = 0;
    for (const match of line.matchAll(MARK)) {
      code += line.slice(from, match.index);
      from = match.index + match[0].length;
      const mark = this.marks[Number.parseInt(match[1] as string, 36)] as Mark;
      const lineNumber = lineAt(chunk, mark.at);
      const start = chunk.lineStarts[lineNumber - 1] as number;
      encoder.segment(
        code.length,
        lineNumber - 1,
        textColumn(chunk.source, start, mark.at),
        nameIndex(names, mark.name),
      );
    }
    return code + line.slice(from);
  }
}

function nameIndex(names: Map<string, number>, name: string | undefined): number | undefined {
  if (name === undefined) return undefined;
  const known = names.get(name);
  if (known !== undefined) return known;
  names.set(name, names.size);
  return names.size - 1;
}

/** Lua columns count bytes, source maps count UTF-16 units of the text that is shown. */
function textColumn(source: string, lineStart: Offset, at: Offset): number {
  const before = source.slice(lineStart, at);
  return /[\x80-\xff]/.test(before) ? decodeSource(before).length : before.length;
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
