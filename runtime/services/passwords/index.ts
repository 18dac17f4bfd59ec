/** Comparing a password with what is stored, without stopping the event loop (lua-api.md 5.7). */
import type { Log } from '../log.ts';
import type { PasswordOutcome } from './outcome.ts';
import { createPool, DEFAULT_LIMITS, type PoolLimits } from './pool.ts';
import { isDigest, verifyDigest } from './schemes/digest.ts';
import { verifyPlain } from './schemes/plain.ts';
import { MISMATCH, unusable } from './schemes/scheme.ts';
import { decodePayload, readStored, type Stored } from './stored.ts';

export type { PasswordOutcome } from './outcome.ts';

export interface PasswordService {
  /**
   * Compares a stored hash with a password, both byte strings. Never rejects: what cannot be checked is `unusable` with
   * the reason. The comparison itself takes the same time wherever the first difference is.
   */
  compare(stored: string, plain: string): Promise<PasswordOutcome>;
}

export interface OpenedPasswords extends PasswordService {
  /** Ends the workers; comparisons still waiting become `unusable`. */
  close(): Promise<void>;
}

/** Nobody types more; without a limit the cost of a check would be up to the client. */
const LONGEST_PASSWORD = 4096;
/** No scheme writes more. */
const LONGEST_STORED = 8192;

const CRYPT = /^\$(?:1|apr1|5|6|7|2[aby]|argon2id?)\$/;

/** Names that Dovecot and LDAP put in front of a crypt text; the text itself says which scheme it is. */
const CRYPT_NAMES = new Set(
  'CRYPT MD5-CRYPT SHA256-CRYPT SHA512-CRYPT BLF-CRYPT ARGON2 ARGON2I ARGON2ID SCRYPT'.split(' '),
);

const PLAIN_NAMES = new Set(['PLAIN', 'CLEAR', 'CLEARTEXT']);

/** Checked in workers under this name in front of the hash, with the name that they know. */
const NAMED: ReadonlyMap<string, string> = new Map([
  ['PBKDF2', 'PBKDF2'],
  ['PBKDF2-SHA1', 'PBKDF2-SHA1'],
  ['PBKDF2-SHA256', 'PBKDF2-SHA256'],
  ['PBKDF2-SHA512', 'PBKDF2-SHA512'],
  ['SCRAM-SHA-1', 'SCRAM-SHA-1'],
  ['SCRAM-SHA-256', 'SCRAM-SHA-256'],
  ['SCRAM-SHA-512', 'SCRAM-SHA-512'],
  ['CRAM-MD5', 'CRAM-MD5'],
  ['HMAC-MD5', 'CRAM-MD5'],
  ['PLAIN-MD4', 'PLAIN-MD4'],
]);

/** Schemes of Dovecot and OpenLDAP that need more than the password, or that nobody should have any more. */
const REFUSED = new Set('DES-CRYPT DIGEST-MD5 OTP SKEY RPA NTLM LANMAN LM NT PLAIN-TRUNC SASL UNIX'.split(' '));

/** Workers are started with the first comparison that needs one. */
export function createPasswords(base: { log: Log; limits?: PoolLimits }): OpenedPasswords {
  const log = base.log.named('passwords');
  const pool = createPool(base.limits ?? DEFAULT_LIMITS, (text) => log.error({ msg: text }));
  return {
    compare: async (stored, plain) => {
      if (stored.length > LONGEST_STORED) return unusable('the stored hash is too long');
      const check = checkOf(readStored(stored));
      if ('kind' in check) return check;
      if (plain.length > LONGEST_PASSWORD) return MISMATCH;
      return 'heavy' in check ? pool.run(check.heavy, plain) : check.light(plain);
    },
    close: pool.close,
  };
}

/** How a stored text is checked: at once, or in a worker that is handed the canonical text; or why it is not. */
type Check = { readonly light: (plain: string) => PasswordOutcome } | { readonly heavy: string } | PasswordOutcome;

function checkOf(stored: Stored): Check {
  const { scheme, encoding, payload } = stored;
  if (scheme === undefined) return checkOfCrypt(payload);
  const isCrypt = CRYPT_NAMES.has(scheme) || isMd5Crypt(stored);
  if (isDigest(scheme) && !isCrypt) return { light: (plain) => verifyDigest(scheme, encoding, payload, plain) };
  const name = NAMED.get(scheme);
  const isPlain = PLAIN_NAMES.has(scheme);
  if (REFUSED.has(scheme)) return unusable(`unsupported password scheme ${scheme}`);
  if (!isCrypt && !isPlain && name === undefined) return unusable(UNKNOWN);
  const decoded = decodePayload(stored);
  if ('error' in decoded) return unusable(decoded.error);
  if (isCrypt) return checkOfCrypt(decoded.text);
  return isPlain ? { light: (plain) => verifyPlain(decoded.text, plain) } : { heavy: `{${name}}${decoded.text}` };
}

/** To Dovecot {MD5} is another name of MD5-crypt, to OpenLDAP a digest. */
function isMd5Crypt(stored: Stored): boolean {
  if (stored.scheme !== 'MD5') return false;
  const decoded = decodePayload(stored);
  return 'text' in decoded && decoded.text.startsWith('$1$');
}

const UNKNOWN = 'no registered algorithm for settings []';

function checkOfCrypt(text: string): Check {
  return CRYPT.test(text) ? { heavy: text } : unusable(`no registered algorithm for settings [${settingsName(text)}]`);
}

/** `$9$` of `$9$salt$hash`; nothing for other texts, which may well be passwords. */
function settingsName(stored: string): string {
  return /^(\$[0-9a-z-]{1,16}\$)[^$]*\$/.exec(stored)?.[1] ?? '';
}
