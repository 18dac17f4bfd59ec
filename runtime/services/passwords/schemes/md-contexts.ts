/**
 * `{CRAM-MD5}` (also `{HMAC-MD5}`): the states of MD5 after the two keyed blocks of HMAC (RFC 2104 section 4), outer one
 * first; and `{PLAIN-MD4}`. Both in hexadecimal, or as the bytes themselves.
 */
import { createMD5, md4, md5 } from 'hash-wasm';
import { bytes, compareText, type Scheme, unusable } from './scheme.ts';

const BLOCK = 64;

export const cramMd5: Scheme = {
  accepts: (stored) => stored.startsWith('{CRAM-MD5}'),
  verify: async (stored, plain) => {
    const hash = readHex(stored, 32);
    if (hash === undefined) return unusable('malformed CRAM-MD5 hash');
    const password = bytes(plain);
    const key = Buffer.alloc(BLOCK);
    (password.length > BLOCK ? Buffer.from(await md5(password), 'hex') : password).copy(key);
    return compareText(hash, (await stateAfter(key, 0x5c)) + (await stateAfter(key, 0x36)));
  },
};

/** The library's saved state is its mark, the length so far, the four words, and what is left of a block. */
const WORDS_AT = 12;
const WORDS_LENGTH = 16;

async function stateAfter(key: Buffer, pad: number): Promise<string> {
  const hasher = await createMD5();
  hasher.init().update(key.map((byte) => byte ^ pad));
  return Buffer.from(hasher.save())
    .subarray(WORDS_AT, WORDS_AT + WORDS_LENGTH)
    .toString('hex');
}

export const plainMd4: Scheme = {
  accepts: (stored) => stored.startsWith('{PLAIN-MD4}'),
  verify: async (stored, plain) => {
    const hash = readHex(stored, 16);
    if (hash === undefined) return unusable('malformed MD4 hash');
    return compareText(hash, await md4(bytes(plain)));
  },
};

/** What stands behind the name, as hexadecimal digits of so many bytes. */
function readHex(stored: string, length: number): string | undefined {
  const text = stored.slice(stored.indexOf('}') + 1);
  if (text.length === length) return bytes(text).toString('hex');
  return text.length === 2 * length && /^[0-9a-f]+$/i.test(text) ? text.toLowerCase() : undefined;
}
