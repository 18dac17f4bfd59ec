/** The families whose check takes milliseconds or more; they run in workers, and only workers load them. */
import type { PasswordOutcome } from '../outcome.ts';
import { argon2 } from './argon2.ts';
import { bcrypt } from './bcrypt.ts';
import { cramMd5, plainMd4 } from './md-contexts.ts';
import { md5Crypt } from './md5-crypt.ts';
import { pbkdf2 } from './pbkdf2.ts';
import { type Scheme, unusable } from './scheme.ts';
import { scram } from './scram.ts';
import { scrypt } from './scrypt.ts';
import { shaCrypt } from './sha-crypt.ts';

const SCHEMES: readonly Scheme[] = [md5Crypt, shaCrypt, bcrypt, argon2, scrypt, pbkdf2, scram, cramMd5, plainMd4];

/** Never rejects. */
export async function verifyHeavy(stored: string, plain: string): Promise<PasswordOutcome> {
  const scheme = SCHEMES.find((each) => each.accepts(stored));
  if (scheme === undefined) return unusable('no registered algorithm');
  try {
    return await scheme.verify(stored, plain);
  } catch {
    // Texts of libraries may quote what they were given.
    return unusable('the stored hash cannot be computed');
  }
}
