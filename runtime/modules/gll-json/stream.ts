/** One JSON value after the other from a reader. */
import { type ByteReader, charge, type Finished, results2, type Steps } from '../../host/index.ts';
import { decodeNext, IncompleteJson, JsonError, type MakeObject } from './decode.ts';

const SMALLEST_READ = 512;
/** Bytes decoded per unit of the step budget. */
const BYTES_PER_STEP = 16;

export class JsonStream {
  /** Bytes consumed so far. */
  offset = 0;
  private readonly source: ByteReader;
  private readonly makeObject: MakeObject;
  private buffer = '';
  private isAtEnd = false;
  /** After a syntax error nothing more can be read. */
  private failure: string | undefined = undefined;

  constructor(source: ByteReader, makeObject: MakeObject) {
    this.source = source;
    this.makeObject = makeObject;
  }

  /** The next value, or nil and a text: `EOF` at the end. */
  *next(): Steps<Finished> {
    if (this.failure === undefined && (yield* this.peek()) === undefined) return results2(undefined, 'EOF');
    while (this.failure === undefined) {
      try {
        charge(this.buffer.length / BYTES_PER_STEP);
        const { value, end } = decodeNext(this.buffer, 0, this.isAtEnd, this.makeObject);
        this.consume(end);
        return value;
      } catch (error) {
        if (!(error instanceof JsonError)) throw error;
        if (!(error instanceof IncompleteJson)) this.failure = error.message;
        else if (this.isAtEnd) this.failure = 'unexpected EOF';
        else yield* this.fill();
      }
    }
    return results2(undefined, this.failure);
  }

  /** Is there another value before the end of the input or of the list or object around it? */
  *hasMore(): Steps<boolean> {
    const next = yield* this.peek();
    return next !== undefined && next !== ']' && next !== '}';
  }

  /** The next character that is no blank; skips the blanks. */
  private *peek(): Steps<string | undefined> {
    for (;;) {
      const found = /[^ \t\r\n]/.exec(this.buffer);
      if (found !== null) {
        this.consume(found.index);
        return found[0];
      }
      if (!(yield* this.fill())) return undefined;
    }
  }

  private consume(length: number): void {
    this.offset += length;
    this.buffer = this.buffer.slice(length);
  }

  /** Reads more and more at a time, because an unfinished value is decoded again from its start. */
  private *fill(): Steps<boolean> {
    if (this.isAtEnd) return false;
    const bytes = yield* this.source.pull(Math.max(SMALLEST_READ, this.buffer.length));
    if (bytes === undefined) this.isAtEnd = true;
    else this.buffer += bytes;
    return !this.isAtEnd;
  }
}
