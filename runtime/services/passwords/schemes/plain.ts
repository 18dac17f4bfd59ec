/** Passwords stored as they are. */
import { createHash } from 'node:crypto';
import type { PasswordOutcome } from '../outcome.ts';
import { bytes, compareBytes } from './scheme.ts';

/** Digests are compared, so that not even the length shows in the time. */
export function verifyPlain(stored: string, plain: string): PasswordOutcome {
  return compareBytes(digest(stored), digest(plain));
}

function digest(text: string): Buffer {
  return createHash('sha256').update(bytes(text)).digest();
}
