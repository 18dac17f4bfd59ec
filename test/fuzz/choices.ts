/** The decisions a random program is built from: bytes. Fewer and smaller bytes make a simpler program. */
export class Choices {
  private readonly bytes: Uint8Array;
  private at = 0;

  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
  }

  /** Have all bytes been used? From then on the first alternative is always taken. */
  get isSpent(): boolean {
    return this.at >= this.bytes.length;
  }

  /** A whole number from 0 to `n - 1`; `n` up to 256. */
  below(n: number): number {
    return (this.bytes[this.at++] ?? 0) % n;
  }

  /** True once in `n` times; never when the bytes are spent. */
  once(n: number): boolean {
    return this.below(n) === n - 1;
  }

  pick<T>(list: readonly T[]): T {
    return list[this.below(list.length)] as T;
  }
}
