/** Hexadecimal on the way to a writer and from a reader. */
import { type ByteReader, type ByteWriter, pushTo, raise, type Steps, toBuffer } from '../../host/index.ts';
import { CorruptHex, decodeHex } from '../go/hex.ts';

export class HexWriter implements ByteWriter {
  private readonly target: ByteWriter;

  constructor(target: ByteWriter) {
    this.target = target;
  }

  *push(bytes: string): Steps<void> {
    yield* pushTo(this.target, toBuffer(bytes).toString('hex'));
  }
}

/** Two digits become a byte; what is wrong raises a Lua error. */
export class HexReader implements ByteReader {
  private readonly source: ByteReader;
  private rest = '';

  constructor(source: ByteReader) {
    this.source = source;
  }

  *pull(most: number): Steps<string | undefined> {
    for (;;) {
      const text = yield* this.source.pull(Math.max(2, most * 2));
      if (text === undefined) return this.rest === '' ? undefined : raise('unexpected EOF');
      this.rest += text;
      const whole = this.rest.length - (this.rest.length % 2);
      if (whole > 0) return this.take(whole);
    }
  }

  *close(): Steps<void> {
    if (this.source.close !== undefined) yield* this.source.close();
  }

  private take(length: number): string {
    const text = this.rest.slice(0, length);
    this.rest = this.rest.slice(length);
    try {
      return decodeHex(text);
    } catch (thrown) {
      if (thrown instanceof CorruptHex) raise(thrown.message);
      throw thrown;
    }
  }
}
