/** Base64 on the way to a writer and from a reader. */
import { type ByteReader, type ByteWriter, pushTo, raise, type Steps } from '../../host/index.ts';
import { type Base64Encoding, CorruptBase64 } from './encoding.ts';

/** Three bytes become four digits; what is left over waits for more, or for `close`. */
export class Base64Writer implements ByteWriter {
  private readonly encoding: Base64Encoding;
  private readonly target: ByteWriter;
  private rest = '';

  constructor(encoding: Base64Encoding, target: ByteWriter) {
    this.encoding = encoding;
    this.target = target;
  }

  *push(bytes: string): Steps<void> {
    const all = this.rest + bytes;
    const whole = all.length - (all.length % 3);
    this.rest = all.slice(whole);
    if (whole > 0) yield* pushTo(this.target, this.encoding.encode(all.slice(0, whole)));
  }

  /** Writes the last digits; the target stays open. */
  *close(): Steps<void> {
    if (this.rest !== '') yield* pushTo(this.target, this.encoding.encode(this.rest));
    this.rest = '';
  }
}

/** Four digits become three bytes; what is wrong raises a Lua error. */
export class Base64Reader implements ByteReader {
  private readonly encoding: Base64Encoding;
  private readonly source: ByteReader;
  private rest = '';

  constructor(encoding: Base64Encoding, source: ByteReader) {
    this.encoding = encoding;
    this.source = source;
  }

  *pull(most: number): Steps<string | undefined> {
    for (;;) {
      const text = yield* this.source.pull(Math.max(4, Math.ceil(most / 3) * 4));
      if (text === undefined) return this.takeLast();
      this.rest += text.replace(/[\r\n]/g, '');
      const whole = this.rest.length - (this.rest.length % 4);
      if (whole > 0) return this.take(whole);
    }
  }

  *close(): Steps<void> {
    if (this.source.close !== undefined) yield* this.source.close();
  }

  private takeLast(): string | undefined {
    if (this.rest === '') return undefined;
    return this.encoding.isPadded ? raise('unexpected EOF') : this.take(this.rest.length);
  }

  private take(length: number): string {
    const text = this.rest.slice(0, length);
    this.rest = this.rest.slice(length);
    try {
      return this.encoding.decode(text);
    } catch (thrown) {
      if (thrown instanceof CorruptBase64) raise(thrown.message);
      throw thrown;
    }
  }
}
