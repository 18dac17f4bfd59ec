/**
 * Plain digests (`{SHA256}`, `{LDAP-MD5}`, …) and digests of password and salt with the salt behind them (`{SSHA512}`,
 * `{SMD5}`, …), in base64 or hexadecimal: lua-api.md 5.7, and what Dovecot and OpenLDAP write.
 */
import { createHash } from 'node:crypto';
import type { PasswordOutcome } from '../outcome.ts';
import { type Decoded, decodeBase64, decodeHex } from './encoding.ts';
import { bytes, compareBytes, unusable } from './scheme.ts';

interface Digest {
  readonly algorithm: 'md5' | 'sha1' | 'sha256' | 'sha384' | 'sha512';
  readonly length: number;
  readonly isSalted: boolean;
}

const MD5 = { algorithm: 'md5', length: 16, isSalted: false } as const;
const SHA1 = { algorithm: 'sha1', length: 20, isSalted: false } as const;
const SHA256 = { algorithm: 'sha256', length: 32, isSalted: false } as const;
const SHA384 = { algorithm: 'sha384', length: 48, isSalted: false } as const;
const SHA512 = { algorithm: 'sha512', length: 64, isSalted: false } as const;
const salted = (digest: Digest): Digest => ({ ...digest, isSalted: true });

const DIGESTS: ReadonlyMap<string, Digest> = new Map<string, Digest>([
  ['MD5', MD5],
  ['PLAIN-MD5', MD5],
  ['LDAP-MD5', MD5],
  ['SHA', SHA1],
  ['SHA1', SHA1],
  ['SHA256', SHA256],
  ['SHA384', SHA384],
  ['SHA512', SHA512],
  ['SMD5', salted(MD5)],
  ['SSHA', salted(SHA1)],
  ['SSHA256', salted(SHA256)],
  ['SSHA384', salted(SHA384)],
  ['SSHA512', salted(SHA512)],
]);

const UNSUPPORTED = 'unsupported hash algorithm';

/** Whether the scheme is one of these; its name in capitals. */
export function isDigest(scheme: string): boolean {
  return DIGESTS.has(scheme) || scheme.startsWith('SSHA');
}

/**
 * Compares with what is stored under one of these schemes. An unknown encoding counts as base64, as in the reference;
 * without an encoding a digest without salt may be written in either.
 */
export function verifyDigest(
  scheme: string,
  encoding: string | undefined,
  payload: string,
  plain: string,
): PasswordOutcome {
  // The reference looks for these names anywhere behind `{SSHA`.
  const digest = DIGESTS.get(scheme) ?? DIGESTS.get(/SSHA256|SSHA512/.exec(scheme)?.[0] ?? '');
  if (digest === undefined) return unusable(UNSUPPORTED);
  const decoded = decode(digest, encoding, payload);
  if ('error' in decoded) return unusable(decoded.error);
  const { algorithm, length, isSalted } = digest;
  if (isSalted ? decoded.bytes.length <= length : decoded.bytes.length !== length) return unusable(UNSUPPORTED);
  const salt = decoded.bytes.subarray(length);
  const actual = createHash(algorithm).update(bytes(plain)).update(salt).digest();
  return compareBytes(decoded.bytes.subarray(0, length), actual);
}

function decode({ length, isSalted }: Digest, encoding: string | undefined, payload: string): Decoded {
  const isHex = encoding === undefined && !isSalted && payload.length === 2 * length;
  return encoding === 'HEX' || isHex ? decodeHex(payload) : decodeBase64(payload);
}
