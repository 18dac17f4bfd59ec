/**
 * Readers and writers that modules share: a module's own objects (in memory, on a socket), or any Lua value with a `read`
 * or `write` function. Because such a function may wait, everything here is steps (see drive.ts).
 */
import { argumentError, first, index, type LuaFunction, type LuaValue, noResults, raise } from '../engine/api.ts';
import { textOf } from './convert.ts';
import { type Declarations, mayWait } from './define.ts';
import { drive, finish, type Steps } from './drive.ts';
import { type Argument, any, rest, type Slot, str, trailing } from './signature.ts';
import { Userdata, type UserdataKind } from './userdata.ts';
import { characterLength, REPLACEMENT } from './utf8.ts';

/** A source of bytes. */
export interface ByteReader {
  /** At least one and at most `most` bytes; undefined at the end. */
  pull(most: number): Steps<string | undefined>;
  close?(): Steps<void>;
}

/** A sink of bytes. */
export interface ByteWriter {
  /** Steps, if it may have to wait. */
  push(bytes: string): Steps<void> | undefined;
  close?(): Steps<void>;
}

/** Read, but not consumed yet, in front of a source. */
export class BufferedReader implements ByteReader {
  private readonly source: ByteReader | undefined;
  private buffer: string;
  private isAtEnd: boolean;

  constructor(source: ByteReader | undefined, initial = '') {
    this.source = source;
    this.buffer = initial;
    this.isAtEnd = source === undefined;
  }

  *pull(most: number): Steps<string | undefined> {
    if (this.buffer === '' && !(yield* this.fill(most))) return undefined;
    const taken = this.buffer.slice(0, most);
    this.buffer = this.buffer.slice(most);
    return taken;
  }

  *close(): Steps<void> {
    if (this.source?.close !== undefined) yield* this.source.close();
  }

  /** All that is left. */
  *readAll(): Steps<string> {
    while (yield* this.fill(CHUNK));
    return this.take(this.buffer.length);
  }

  /** A line without its end; bytes that are not UTF-8 are replaced. Undefined at the end. */
  *readLine(): Steps<string | undefined> {
    let searched = 0;
    for (;;) {
      const end = this.buffer.indexOf('\n', searched);
      if (end >= 0) return replaceBroken(this.take(end + 1).slice(0, -1));
      searched = this.buffer.length;
      if (!(yield* this.fill(CHUNK))) break;
    }
    return this.buffer === '' ? undefined : replaceBroken(this.take(this.buffer.length));
  }

  /** The next number; 0 at the end. Raises for what is none. */
  *readNumber(): Steps<number> {
    let length = 0;
    do {
      this.buffer = this.buffer.replace(/^[ \t\r\n\v\f]+/, '');
      length = floatLength(this.buffer);
    } while ((length === this.buffer.length || this.buffer === '') && (yield* this.fill(CHUNK)));
    if (this.buffer === '') return 0;
    return parseFloatToken(this.take(length));
  }

  private take(length: number): string {
    const taken = this.buffer.slice(0, length);
    this.buffer = this.buffer.slice(length);
    return taken;
  }

  /** False at the end of the source. */
  private *fill(most: number): Steps<boolean> {
    if (this.isAtEnd || this.source === undefined) return false;
    const bytes = yield* this.source.pull(most);
    if (bytes === undefined) this.isAtEnd = true;
    else this.buffer += bytes;
    return bytes !== undefined;
  }
}

const CHUNK = 4096;

function replaceBroken(bytes: string): string {
  let text = '';
  for (let at = 0; at < bytes.length; ) {
    const length = characterLength(bytes, at);
    text += length === 0 ? REPLACEMENT : bytes.slice(at, at + length);
    at += length || 1;
  }
  return text;
}

const FLOAT =
  /^(?:[nN][aA][nN]|[+-]?(?:[iI][nN][fF]|0[xX][0-9a-fA-F_]*(?:\.[0-9a-fA-F_]*)?(?:[pP][+-]?[0-9_]*)?|[0-9_]*(?:\.[0-9_]*)?(?:[eEpP][+-]?[0-9_]*)?))/;

/** How much of the text a scanner for numbers takes, whether it is a number or not. */
function floatLength(text: string): number {
  return FLOAT.exec(text)?.[0].length ?? 0;
}

function parseFloatToken(token: string): number {
  const lower = token.toLowerCase();
  if (lower === 'nan') return Number.NaN;
  if (/^[+-]?inf$/.test(lower)) return lower[0] === '-' ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
  const isNumber = /^[+-]?(?:[0-9]+(?:_[0-9]+)*\.?[0-9]*|\.[0-9]+)(?:e[+-]?[0-9]+)?$/.test(lower);
  if (!isNumber) return raise(`strconv.ParseFloat: parsing "${token}": invalid syntax`);
  return Number(lower.replaceAll('_', ''));
}

function isByteReader(payload: unknown): payload is ByteReader {
  return typeof payload === 'object' && payload !== null && 'pull' in payload;
}

function isByteWriter(payload: unknown): payload is ByteWriter {
  return typeof payload === 'object' && payload !== null && 'push' in payload;
}

/** `obj:read(n)` of a Lua value; surplus bytes are dropped. */
function luaReader(object: LuaValue, read: LuaFunction): ByteReader {
  return {
    *pull(most) {
      const bytes = first(yield* finish(read(object, most)));
      return bytes === undefined ? undefined : textOf(bytes).slice(0, most);
    },
  };
}

function luaWriter(object: LuaValue, write: LuaFunction): ByteWriter {
  return {
    *push(bytes) {
      yield* finish(write(object, bytes));
    },
  };
}

/** The function in a field, with metamethods but without waiting: undefined where there is none. */
function methodOf(object: LuaValue, name: string): LuaFunction | undefined {
  if (object === undefined || typeof object === 'boolean' || typeof object === 'number') return undefined;
  if (typeof object === 'string' || typeof object === 'function') return undefined;
  const found = index(object, name);
  return typeof found === 'function' ? found : undefined;
}

/** Argument description: anything that can be read from. */
export const reader = (name: string): Argument<ByteReader> =>
  Object.freeze({
    name,
    type: 'any',
    optional: false,
    variadic: false,
    take: (value: LuaValue, slot: Slot, count: number) => {
      if (slot.index > count) return argumentError(slot.index, slot.functionName, 'value expected');
      if (value instanceof Userdata && isByteReader(value.payload)) return value.payload;
      const read = methodOf(value, 'read');
      if (read === undefined) return argumentError(slot.index, slot.functionName, 'expected reader');
      return luaReader(value, read);
    },
  });

/** Argument description: anything that can be written to. */
export const writer = (name: string): Argument<ByteWriter> =>
  Object.freeze({
    name,
    type: 'any',
    optional: false,
    variadic: false,
    take: (value: LuaValue, slot: Slot, count: number) => {
      if (slot.index > count) return argumentError(slot.index, slot.functionName, 'value expected');
      if (value instanceof Userdata && isByteWriter(value.payload)) return value.payload;
      const write = methodOf(value, 'write');
      if (write === undefined) return argumentError(slot.index, slot.functionName, 'expected writer');
      return luaWriter(value, write);
    },
  });

/** `read` and `close` for a kind of userdata that is a reader; `declare` is `callback` for one that never waits. */
export function readerMethods(kind: UserdataKind<BufferedReader>, declare = mayWait): Declarations {
  return {
    read: declare(
      {
        doc: 'Read a number of bytes, a line (`*l`), a number (`*n`) or everything (`*a`); nil at the end.',
        args: [kind.self(), trailing(any('format'))],
      },
      (self, format) => drive(readFormat(self, format)),
    ),
    close: declare({ doc: 'Close what is read from.', args: [kind.self()] }, (self) => drive(closing(self))),
  };
}

/** A number of bytes, or `*l`, `*n`, `*a`; nil is a line. Raises an argument error for other formats. */
export function* readFormat(self: BufferedReader, format: LuaValue): Steps<LuaValue> {
  if (typeof format === 'number') return format < 1 ? '' : yield* self.pull(Math.trunc(format));
  switch (format === undefined ? '*l' : typeof format === 'string' ? format.slice(0, 2) : '') {
    case '*l':
      return yield* self.readLine();
    case '*a':
      return yield* self.readAll();
    case '*n':
      return yield* self.readNumber();
    default:
      return argumentError(2, 'read', 'unknown fmt string');
  }
}

/** `write` and `close` for a kind of userdata that is a writer; `declare` is `callback` for one that never waits. */
export function writerMethods<T extends ByteWriter>(kind: UserdataKind<T>, declare = mayWait): Declarations {
  return {
    write: declare({ doc: 'Write all arguments.', args: [kind.self(), rest(str('data'))] }, (self, data) =>
      drive(writing(self, data)),
    ),
    close: declare({ doc: 'Write what is held back.', args: [kind.self()] }, (self) => drive(closing(self))),
  };
}

function* writing(self: ByteWriter, data: readonly string[]): Steps<ReturnType<typeof noResults>> {
  for (const bytes of data) yield* pushTo(self, bytes);
  return noResults();
}

/** Write all of the bytes. */
export function* pushTo(target: ByteWriter, bytes: string): Steps<void> {
  const steps = target.push(bytes);
  if (steps !== undefined) yield* steps;
}

function* closing(self: ByteReader | ByteWriter): Steps<ReturnType<typeof noResults>> {
  if (self.close !== undefined) yield* self.close();
  return noResults();
}
