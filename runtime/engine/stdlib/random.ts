/** The generator behind `math.random`: xoshiro128** (D. Blackman, S. Vigna), one state per environment. */
import { randomFillSync } from 'node:crypto';

export class Random {
  private readonly state = new Uint32Array(4);

  /** Seeded by the operating system. */
  constructor() {
    randomFillSync(this.state);
    if (this.state.every((word) => word === 0)) this.seed(0);
  }

  /** The same seed gives the same sequence. The words of the state come from splitmix32. */
  seed(seed: number): void {
    const high = Math.floor(seed / 2 ** 32) | 0;
    let s = (seed | 0) ^ Math.imul(high, 0x9e3779b9);
    for (let k = 0; k < 4; k++) {
      s = (s + 0x9e3779b9) | 0;
      let z = s;
      z = Math.imul(z ^ (z >>> 16), 0x21f0aaad);
      z = Math.imul(z ^ (z >>> 15), 0x735a2d97);
      this.state[k] = z ^ (z >>> 15);
    }
  }

  /** Uniform in [0, 1), 53 random bits. */
  next(): number {
    return ((this.word() >>> 5) * 2 ** 26 + (this.word() >>> 6)) / 2 ** 53;
  }

  private word(): number {
    const s = this.state as Uint32Array & { 0: number; 1: number; 2: number; 3: number };
    const result = Math.imul(rotateLeft(Math.imul(s[1], 5), 7), 9);
    const t = s[1] << 9;
    s[2] ^= s[0];
    s[3] ^= s[1];
    s[1] ^= s[2];
    s[0] ^= s[3];
    s[2] ^= t;
    s[3] = rotateLeft(s[3], 11);
    return result;
  }
}

function rotateLeft(word: number, by: number): number {
  return (word << by) | (word >>> (32 - by));
}
