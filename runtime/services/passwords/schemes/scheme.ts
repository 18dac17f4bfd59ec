/** What every family of password hashes provides. */
import { timingSafeEqual } from 'node:crypto';
import type { PasswordOutcome } from '../outcome.ts';

export interface Scheme {
  /** Does the text look like one of this family? */
  accepts(stored: string): boolean;
  /** Byte strings in, outcome out; never throws for what is stored or typed. */
  verify(stored: string, plain: string): PasswordOutcome | Promise<PasswordOutcome>;
}

/**
 * Rounds of PBKDF2 that a stored hash may ask for: some seconds of a worker. Whoever can write one hash must not be able
 * to occupy the workers for minutes.
 */
export const MOST_ROUNDS = 5_000_000;

export const MISMATCH: PasswordOutcome = { kind: 'mismatch' };

export function unusable(message: string): PasswordOutcome {
  return { kind: 'unusable', message };
}

/** Takes the same time wherever the difference is; the length of a digest is no secret. */
export function compareBytes(expected: Uint8Array, actual: Uint8Array): PasswordOutcome {
  const isEqual = expected.length === actual.length && timingSafeEqual(expected, actual);
  return isEqual ? { kind: 'match' } : MISMATCH;
}

/** As `compareBytes`, for byte strings. */
export function compareText(expected: string, actual: string): PasswordOutcome {
  return compareBytes(bytes(expected), bytes(actual));
}

export function bytes(text: string): Buffer {
  return Buffer.from(text, 'latin1');
}
