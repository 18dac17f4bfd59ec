/** MD5-crypt, `$1$salt$hash`, by Poul-Henning Kamp, and Apache's `$apr1$`: 1000 rounds of MD5 in a prescribed mixture of password and salt. */
import { createHash } from 'node:crypto';
import { encodeCrypt } from './crypt-base64.ts';
import { bytes, compareText, type Scheme, unusable } from './scheme.ts';

const FORMAT = /^(\$(?:1|apr1)\$)([^$]*)\$([./0-9A-Za-z]{22})$/;

const ROUNDS = 1000;

/** Positions of the digest in the printed hash. */
const ORDER = [[0, 6, 12], [1, 7, 13], [2, 8, 14], [3, 9, 15], [4, 10, 5], [11]];

/** Only the first 8 bytes of the salt count. */
export const md5Crypt: Scheme = {
  accepts: (stored) => /^\$(?:1|apr1)\$/.test(stored),
  verify: (stored, plain) => {
    const [, mark = '', salt, hash] = FORMAT.exec(stored) ?? [];
    if (salt === undefined || hash === undefined) return unusable('malformed MD5-crypt hash');
    return compareText(hash, encodeCrypt(digest(mark, bytes(plain), bytes(salt.slice(0, 8))), ORDER));
  },
};

function digest(mark: string, plain: Buffer, salt: Buffer): Buffer {
  let result = firstDigest(mark, plain, salt);
  for (let round = 0; round < ROUNDS; round++) {
    const hash = createHash('md5');
    const isOdd = round % 2 === 1;
    hash.update(isOdd ? plain : result);
    if (round % 3 !== 0) hash.update(salt);
    if (round % 7 !== 0) hash.update(plain);
    result = hash.update(isOdd ? result : plain).digest();
  }
  return result;
}

function firstDigest(mark: string, plain: Buffer, salt: Buffer): Buffer {
  const inner = createHash('md5').update(plain).update(salt).update(plain).digest();
  const hash = createHash('md5').update(plain).update(mark).update(salt);
  for (let left = plain.length; left > 0; left -= 16) hash.update(inner.subarray(0, Math.min(16, left)));
  // For every bit of the length: a zero byte for 1, the first byte of the password for 0.
  for (let bits = plain.length; bits > 0; bits >>= 1) hash.update(bits & 1 ? Buffer.alloc(1) : plain.subarray(0, 1));
  return hash.digest();
}
