/**
 * PBKDF2 (RFC 8018 section 5.2): of Dovecot, `{PBKDF2}$1$salt$rounds$hexadecimal` with SHA-1, and of OpenLDAP,
 * `{PBKDF2-SHA256}rounds$salt$hash` with salt and hash in base64 whose `+` is a dot.
 */
import { pbkdf2Sync } from 'node:crypto';
import { decodeBase64, decodeHex } from './encoding.ts';
import { bytes, compareBytes, MOST_ROUNDS, type Scheme, unusable } from './scheme.ts';

const FORMAT = /^\{PBKDF2(?:-(SHA1|SHA256|SHA512))?\}(.*)$/s;
const DOVECOT = /^\$1\$([^$]*)\$(\d{1,9})\$([0-9a-fA-F]{40})$/;
const OPENLDAP = /^(\d{1,9})\$([A-Za-z0-9./]*)\$([A-Za-z0-9./]+)$/;

interface Parameters {
  readonly rounds: number;
  readonly salt: Buffer;
  readonly hash: Buffer;
}

export const pbkdf2: Scheme = {
  accepts: (stored) => stored.startsWith('{PBKDF2'),
  verify: (stored, plain) => {
    const [, name = 'SHA1', text = ''] = FORMAT.exec(stored) ?? [];
    const parameters = readDovecot(text) ?? readOpenldap(text);
    if (parameters === undefined || parameters.rounds < 1) return unusable('malformed PBKDF2 hash');
    const { rounds, salt, hash } = parameters;
    if (rounds > MOST_ROUNDS) return unusable(`PBKDF2 with more than ${MOST_ROUNDS} rounds is too expensive`);
    return compareBytes(hash, pbkdf2Sync(bytes(plain), salt, rounds, hash.length, name.toLowerCase()));
  },
};

function readDovecot(text: string): Parameters | undefined {
  const [, salt, rounds, hash] = DOVECOT.exec(text) ?? [];
  if (salt === undefined || hash === undefined) return undefined;
  const decoded = decodeHex(hash);
  return 'error' in decoded ? undefined : { rounds: Number(rounds), salt: bytes(salt), hash: decoded.bytes };
}

function readOpenldap(text: string): Parameters | undefined {
  const [, rounds, salt, hash] = OPENLDAP.exec(text) ?? [];
  if (salt === undefined || hash === undefined) return undefined;
  const [saltBytes, hashBytes] = [salt, hash].map((part) => decodeBase64(padded(part.replaceAll('.', '+'))));
  if (saltBytes === undefined || 'error' in saltBytes || hashBytes === undefined || 'error' in hashBytes)
    return undefined;
  const isShort = hashBytes.bytes.length < 16 || hashBytes.bytes.length > 64;
  return isShort ? undefined : { rounds: Number(rounds), salt: saltBytes.bytes, hash: hashBytes.bytes };
}

function padded(text: string): string {
  return text.padEnd(Math.ceil(text.length / 4) * 4, '=');
}
