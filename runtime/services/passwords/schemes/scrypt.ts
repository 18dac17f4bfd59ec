/**
 * scrypt (RFC 7914) in the format of crypt(5): `$7$`, one character for log2 of N, five each for r and p, the salt as it
 * is written, `$`, the hash.
 */
import { scryptSync } from 'node:crypto';
import { crypt64Value, encodeCrypt } from './crypt-base64.ts';
import { bytes, compareText, type Scheme, unusable } from './scheme.ts';

const FORMAT = /^\$7\$([./0-9A-Za-z])([./0-9A-Za-z]{5})([./0-9A-Za-z]{5})([^$]{0,128})\$([./0-9A-Za-z]{43})$/;

/** Bytes that a check takes at most, and bytes that it may write altogether. */
const MOST_MEMORY = 256 * 1024 * 1024;
const MOST_WORK = 1024 * 1024 * 1024;

/** Positions of the 32 bytes in the printed hash. */
const ORDER = Array.from({ length: 11 }, (_, group) => [2, 1, 0].map((at) => 3 * group + at).filter((at) => at < 32));

export const scrypt: Scheme = {
  accepts: (stored) => stored.startsWith('$7$'),
  verify: (stored, plain) => {
    const [, exponent = '', blockText = '', lanesText = '', salt = '', hash] = FORMAT.exec(stored) ?? [];
    const [blocks, lanes] = [crypt64Value(blockText), crypt64Value(lanesText)];
    const power = crypt64Value(exponent);
    if (hash === undefined || power < 1 || blocks < 1 || lanes < 1) return unusable('malformed scrypt hash');
    const cost = 2 ** power;
    const memory = 128 * blocks * cost;
    if (memory > MOST_MEMORY || memory * lanes > MOST_WORK) return unusable('scrypt parameters are too expensive');
    const options = { N: cost, r: blocks, p: lanes, maxmem: memory + 128 * blocks * (lanes + 2) + 1024 };
    return compareText(hash, encodeCrypt(scryptSync(bytes(plain), bytes(salt), 32, options), ORDER));
  },
};
