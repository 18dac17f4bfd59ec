/** `{SSHA256}` and `{SSHA512}`: digest of password and salt, then the salt, in base64 or hexadecimal (lua-api.md 5.7). */
import { createHash } from 'node:crypto';
import { decodeBase64, decodeHex } from './encoding.ts';
import { bytes, compareBytes, type Scheme, unusable } from './scheme.ts';

const ALGORITHMS = {
  SSHA256: { name: 'sha256', length: 32 },
  SSHA512: { name: 'sha512', length: 64 },
} as const;

/** An unknown suffix counts as base64, as in the reference; SHA-1 (`{SSHA}`) is refused. */
export const saltedDigest: Scheme = {
  accepts: (stored) => stored.startsWith('{SSHA'),
  verify: (stored, plain) => {
    const end = stored.indexOf('}');
    const algorithm = algorithmOf(stored.slice(0, end + 1));
    if (algorithm === undefined) return unusable(UNSUPPORTED);
    const payload = stored.slice(end + 1);
    const decoded = stored.slice(0, end).endsWith('.HEX') ? decodeHex(payload) : decodeBase64(payload);
    if ('error' in decoded) return unusable(decoded.error);
    const { name, length } = algorithm;
    if (decoded.bytes.length <= length) return unusable(UNSUPPORTED);
    const salt = decoded.bytes.subarray(length);
    const actual = createHash(name).update(bytes(plain)).update(salt).digest();
    return compareBytes(decoded.bytes.subarray(0, length), actual);
  },
};

const UNSUPPORTED = 'unsupported hash algorithm';

function algorithmOf(prefix: string): (typeof ALGORITHMS)[keyof typeof ALGORITHMS] | undefined {
  const name = /SSHA256|SSHA512/.exec(prefix)?.[0];
  return name === 'SSHA256' || name === 'SSHA512' ? ALGORITHMS[name] : undefined;
}
