/**
 * Session identifiers in the form of a KSUID: 4 bytes of seconds since 2014-05-13 and 16 random bytes, as 27 digits to
 * base 62, so that they sort by time.
 */
import { randomFillSync } from 'node:crypto';

const DIGITS = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const EPOCH_SECONDS = 1_400_000_000;
const LENGTH = 27;
/** Five digits at a time: the remainder of a division stays far below 2^53 when the limbs have 16 bits. */
const CHUNK = 62 ** 5;
const CHUNK_DIGITS = 5;
const LIMBS = 10;
const RANDOM_LIMBS = 8;

/** Random bytes are drawn for many identifiers at once: one call of the system's generator per 256 of them. */
const pool = new Uint16Array(RANDOM_LIMBS * 256);
let used = pool.length;

/** A new identifier; `now` in milliseconds since 1970. */
export function newSession(now: number): string {
  if (used === pool.length) {
    randomFillSync(pool);
    used = 0;
  }
  const seconds = Math.floor(now / 1000) - EPOCH_SECONDS;
  const limbs = new Array<number>(LIMBS);
  limbs[0] = Math.floor(seconds / 65_536) & 0xffff;
  limbs[1] = seconds & 0xffff;
  for (let i = 0; i < RANDOM_LIMBS; i++) limbs[i + 2] = pool[used++]!;
  return toBase62(limbs);
}

/** Big-endian 16-bit limbs to 27 digits; destroys `limbs`. */
function toBase62(limbs: number[]): string {
  let text = '';
  while (text.length < LENGTH) {
    let rest = 0;
    for (let i = 0; i < LIMBS; i++) {
      const value = rest * 65_536 + limbs[i]!;
      limbs[i] = Math.floor(value / CHUNK);
      rest = value % CHUNK;
    }
    text = fiveDigits(rest) + text;
  }
  return text.slice(-LENGTH);
}

function fiveDigits(value: number): string {
  let text = '';
  let rest = value;
  for (let i = 0; i < CHUNK_DIGITS; i++) {
    text = DIGITS[rest % 62]! + text;
    rest = Math.floor(rest / 62);
  }
  return text;
}
