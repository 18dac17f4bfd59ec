/**
 * Buffered byte streams behind file handles, like C's `FILE`. Subclasses move whole blocks; all of Lua's reading and
 * writing is done here on byte strings. Methods throw what the system call threw (see c-error.ts).
 */
import { charge, chargeMemory } from '../api.ts';
import { stringToNumber } from '../strings/number.ts';
import { BAD_DESCRIPTOR, ILLEGAL_SEEK, INVALID_ARGUMENT } from './c-error.ts';

export type BufferMode = 'no' | 'full' | 'line';
export type Whence = 'set' | 'cur' | 'end';

const WRITE_BUFFER = 1 << 15;

/** Longest numeral that `*n` looks at. */
const LONGEST_NUMERAL = 200;
const NUMERAL = /^[-+]?(?:0[xX][\da-fA-F]*\.?[\da-fA-F]*(?:[pP][-+]?\d*)?|\d*\.?\d*(?:[eE][-+]?\d*)?)/;

export abstract class ByteStream {
  /** Read but not consumed: `pending` from `at` on. */
  private pending = '';
  private at = 0;
  private unwritten = '';
  private mode: BufferMode = 'full';

  /** The next block of at least one byte; '' at the end. */
  protected abstract readBlock(): string;
  protected abstract writeBlock(bytes: string): void;
  /** Releases what the stream holds; called once. */
  protected abstract release(): void;

  /** Moves to `offset` from the start, or from the end; returns the new position from the start. */
  protected seekTo(_offset: number, _fromEnd: boolean): number {
    throw ILLEGAL_SEEK;
  }

  /** Where the next block will be read or written, from the start. */
  protected position(): number {
    throw ILLEGAL_SEEK;
  }

  setMode(mode: BufferMode): void {
    this.mode = mode;
  }

  /** The rest of the line without its end; undefined at the end of the stream. */
  readLine(): string | undefined {
    let line = '';
    while (this.fill()) {
      const end = this.pending.indexOf('\n', this.at);
      if (end !== -1) return line + this.consume(end, 1);
      chargeMemory(this.pending.length);
      line += this.consume(this.pending.length);
      if (!this.more()) return line;
    }
    return undefined;
  }

  /** Up to `count` bytes; undefined at the end of the stream. For 0: '' unless at the end. */
  readBytes(count: number): string | undefined {
    if (!this.fill()) return undefined;
    let bytes = '';
    while (bytes.length < count && this.fill()) {
      bytes += this.consume(Math.min(this.at + count - bytes.length, this.pending.length));
      chargeMemory(bytes.length);
    }
    return bytes;
  }

  readAll(): string {
    let bytes = '';
    while (this.fill()) {
      bytes += this.consume(this.pending.length);
      charge(64);
      chargeMemory(bytes.length);
    }
    return bytes;
  }

  /** White space, then the longest text that can begin a numeral; undefined if that is no numeral. */
  readNumber(): number | undefined {
    for (;;) {
      if (!this.fill()) return undefined;
      const { pending } = this;
      while (this.at < pending.length && /\s/.test(pending[this.at] as string)) this.at++;
      if (this.at < pending.length) break;
    }
    while (this.pending.length - this.at < LONGEST_NUMERAL && this.more()) {}
    const [text] = NUMERAL.exec(this.pending.slice(this.at, this.at + LONGEST_NUMERAL)) as RegExpExecArray;
    this.at += text.length;
    // An exponent without digits is read, but does not count.
    return stringToNumber(text) ?? stringToNumber(text.replace(/[eEpP][-+]?$/, ''));
  }

  write(bytes: string): void {
    this.forgetPending();
    this.unwritten += bytes;
    const due = this.mode === 'no' || (this.mode === 'line' && bytes.includes('\n'));
    if (due || this.unwritten.length >= WRITE_BUFFER) this.flush();
  }

  flush(): void {
    if (this.unwritten === '') return;
    const bytes = this.unwritten;
    this.unwritten = '';
    this.writeBlock(bytes);
  }

  seek(whence: Whence, offset: number): number {
    this.flush();
    const base = whence === 'cur' ? this.position() - (this.pending.length - this.at) : 0;
    if (whence !== 'end' && base + offset < 0) throw INVALID_ARGUMENT;
    const position = this.seekTo(base + offset, whence === 'end');
    this.pending = '';
    this.at = 0;
    return position;
  }

  /** Writes what is left and releases the stream, also if the writing fails. */
  close(): void {
    try {
      this.flush();
    } finally {
      this.release();
    }
  }

  /** Makes sure that something is pending; false at the end. */
  private fill(): boolean {
    return this.at < this.pending.length || this.more();
  }

  /** Reads a block behind what is pending; false at the end. */
  private more(): boolean {
    this.flush();
    const block = this.readBlock();
    this.pending = this.pending.slice(this.at) + block;
    this.at = 0;
    return block !== '';
  }

  /** Takes what is pending up to `end`, and skips `skipped` bytes more. */
  private consume(end: number, skipped = 0): string {
    const bytes = this.pending.slice(this.at, end);
    this.at = end + skipped;
    return bytes;
  }

  /** A write behind a read goes to where the reader stands, not to the end of the block read ahead. */
  private forgetPending(): void {
    const ahead = this.pending.length - this.at;
    if (ahead > 0) this.seekTo(this.position() - ahead, false);
    this.pending = '';
    this.at = 0;
  }
}

/** Bytes that are already there, e.g. the output of a command. */
export class TextStream extends ByteStream {
  private text: string;

  constructor(text: string) {
    super();
    this.text = text;
  }

  protected override readBlock(): string {
    const { text } = this;
    this.text = '';
    return text;
  }

  protected override writeBlock(): void {
    throw BAD_DESCRIPTOR;
  }

  protected override release(): void {
    this.text = '';
  }
}
