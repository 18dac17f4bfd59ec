/** SHA-crypt, `$5$` (SHA-256) and `$6$` (SHA-512), after Ulrich Drepper's public specification of 2008. */
import { createHash } from 'node:crypto';
import { encodeCrypt } from './crypt-base64.ts';
import { bytes, compareText, type Scheme, unusable } from './scheme.ts';

const FORMAT = /^\$([56])\$(?:rounds=(\d{1,10})\$)?([^$]*)\$([./0-9A-Za-z]+)$/;

const DEFAULT_ROUNDS = 5000;
const FEWEST_ROUNDS = 1000;

/** A stored hash must not be able to occupy a worker for minutes; the format itself allows 999,999,999. */
const MOST_ROUNDS = 1_000_000;

interface Variant {
  readonly algorithm: 'sha256' | 'sha512';
  readonly size: number;
  readonly order: readonly (readonly number[])[];
}

/** Printed order: triples that walk through the digest in three thirds, rotated by one position each time. */
const VARIANTS: Readonly<Record<string, Variant>> = {
  5: {
    algorithm: 'sha256',
    size: 32,
    order: [...triples(10, (i) => [0, 10, 20].map((t) => t + i), rotateRight), [31, 30]],
  },
  6: { algorithm: 'sha512', size: 64, order: [...triples(21, (i) => [0, 21, 42].map((t) => t + i), rotateLeft), [63]] },
};

function triples(
  count: number,
  at: (index: number) => number[],
  turn: (triple: number[], times: number) => number[],
): number[][] {
  return Array.from({ length: count }, (_, index) => turn(at(index), index % 3));
}

function rotateLeft(triple: number[], times: number): number[] {
  return [...triple.slice(times), ...triple.slice(0, times)];
}

function rotateRight(triple: number[], times: number): number[] {
  return rotateLeft(triple, (3 - times) % 3);
}

/** Only the first 16 bytes of the salt count; too few rounds become 1000. */
export const shaCrypt: Scheme = {
  accepts: (stored) => stored.startsWith('$5$') || stored.startsWith('$6$'),
  verify: (stored, plain) => {
    const [, id = '', roundsText, salt = '', hash = ''] = FORMAT.exec(stored) ?? [];
    const variant = VARIANTS[id];
    if (variant === undefined) return unusable('malformed SHA-crypt hash');
    const rounds = Math.max(FEWEST_ROUNDS, Number(roundsText ?? DEFAULT_ROUNDS));
    if (rounds > MOST_ROUNDS) return unusable(`SHA-crypt with more than ${MOST_ROUNDS} rounds is too expensive`);
    const digest = compute(variant, rounds, bytes(plain), bytes(salt.slice(0, 16)));
    return compareText(hash, encodeCrypt(digest, variant.order));
  },
};

function compute(variant: Variant, rounds: number, plain: Buffer, salt: Buffer): Buffer {
  const { algorithm, size } = variant;
  const passwordBytes = repeated(repeatedDigest(algorithm, plain, plain.length), plain.length, size);
  let result = firstDigest(variant, plain, salt);
  const saltBytes = repeated(repeatedDigest(algorithm, salt, 16 + (result[0] ?? 0)), salt.length, size);
  for (let round = 0; round < rounds; round++) {
    const hash = createHash(algorithm);
    const isOdd = round % 2 === 1;
    hash.update(isOdd ? passwordBytes : result);
    if (round % 3 !== 0) hash.update(saltBytes);
    if (round % 7 !== 0) hash.update(passwordBytes);
    result = hash.update(isOdd ? result : passwordBytes).digest();
  }
  return result;
}

function firstDigest({ algorithm, size }: Variant, plain: Buffer, salt: Buffer): Buffer {
  const inner = createHash(algorithm).update(plain).update(salt).update(plain).digest();
  const hash = createHash(algorithm)
    .update(plain)
    .update(salt)
    .update(repeated(inner, plain.length, size));
  for (let bits = plain.length; bits > 0; bits >>= 1) hash.update(bits & 1 ? inner : plain);
  return hash.digest();
}

function repeatedDigest(algorithm: Variant['algorithm'], part: Buffer, times: number): Buffer {
  const hash = createHash(algorithm);
  for (let i = 0; i < times; i++) hash.update(part);
  return hash.digest();
}

/** `length` bytes of a digest of `size` bytes, over and over. */
function repeated(digest: Buffer, length: number, size: number): Buffer {
  const copies = Array.from({ length: Math.ceil(length / size) }, () => digest);
  return Buffer.concat(copies, length);
}
