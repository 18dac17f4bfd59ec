/** Comparing a password with what is stored, without stopping the event loop (lua-api.md 5.7). */
import type { Log } from '../log.ts';
import type { PasswordOutcome } from './outcome.ts';
import { createPool, DEFAULT_LIMITS, type PoolLimits } from './pool.ts';
import { saltedDigest } from './schemes/salted-digest.ts';
import { MISMATCH, unusable } from './schemes/scheme.ts';

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

const CRYPT = /^\$(?:1|5|6|2[aby]|argon2id?)\$/;

/** Names that Dovecot and LDAP put in front of a crypt text; the text itself says which scheme it is. */
const CRYPT_NAME = /^\{(?:CRYPT|MD5-CRYPT|SHA256-CRYPT|SHA512-CRYPT|BLF-CRYPT|ARGON2ID?)\}(?=\$)/i;

/** Workers are started with the first comparison that needs one. */
export function createPasswords(base: { log: Log; limits?: PoolLimits }): OpenedPasswords {
  const log = base.log.named('passwords');
  const pool = createPool(base.limits ?? DEFAULT_LIMITS, (text) => log.error({ msg: text }));
  return {
    compare: async (stored, plain) => {
      if (saltedDigest.accepts(stored)) return saltedDigest.verify(stored, plain);
      const hash = stored.replace(CRYPT_NAME, '');
      if (!CRYPT.test(hash)) return unusable(`no registered algorithm for settings [${schemeName(hash)}]`);
      return plain.length > LONGEST_PASSWORD ? MISMATCH : pool.run(hash, plain);
    },
    close: pool.close,
  };
}

/** `$9$` of `$9$salt$hash`; nothing for other texts, which may well be passwords. */
function schemeName(stored: string): string {
  return /^(\$[0-9a-z-]{1,16}\$)[^$]*\$/.exec(stored)?.[1] ?? '';
}
