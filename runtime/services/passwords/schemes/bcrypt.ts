/** bcrypt: `$2a$`, `$2b$`, `$2y$`, cost, 22 characters of salt, 31 of hash. */
import { bcrypt as computeBcrypt } from 'hash-wasm';
import { bytes, compareText, MISMATCH, type Scheme, unusable } from './scheme.ts';

const FORMAT = /^\$2[aby]\$(\d\d)\$([./A-Za-z0-9]{22})([./A-Za-z0-9]{31})$/;

/** Twice the time for each step; 16 takes seconds already. The format allows 31. */
const HIGHEST_COST = 16;

/** The algorithm looks at no more bytes than this. */
const LONGEST_PASSWORD = 72;

const ALPHABET = './ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';

export const bcrypt: Scheme = {
  accepts: (stored) => /^\$2[aby]\$/.test(stored),
  verify: async (stored, plain) => {
    const [, costText = '', saltText = '', hash = ''] = FORMAT.exec(stored) ?? [];
    const cost = Number(costText);
    if (hash === '' || cost < 4 || cost > 31) return unusable('malformed bcrypt hash');
    if (cost > HIGHEST_COST) return unusable(`bcrypt with a cost above ${HIGHEST_COST} is too expensive`);
    const password = bytes(plain).subarray(0, LONGEST_PASSWORD);
    const encoded = await computeBcrypt({
      // The key is the password with a final NUL, used cyclically: a lone NUL gives the key of the empty password.
      password: password.length === 0 ? new Uint8Array(1) : password,
      salt: decode(saltText),
      costFactor: cost,
      outputType: 'encoded',
    });
    return encoded.length === 60 ? compareText(hash, encoded.slice(29)) : MISMATCH;
  },
};

/** 16 bytes of salt from 22 characters, most significant bits first. */
function decode(text: string): Uint8Array {
  const salt = new Uint8Array(16);
  let buffer = 0;
  let bits = 0;
  let length = 0;
  for (const c of text) {
    buffer = ((buffer << 6) | ALPHABET.indexOf(c)) & 0xffff;
    bits += 6;
    if (bits < 8 || length === salt.length) continue;
    bits -= 8;
    salt[length++] = (buffer >> bits) & 0xff;
  }
  return salt;
}
