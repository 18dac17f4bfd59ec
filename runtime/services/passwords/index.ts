/** Comparing a password with what is stored, without stopping the event loop (lua-api.md 5.7). */
import type { Log } from '../log.ts';
import type { PasswordOutcome } from './outcome.ts';
import { createPool } from './pool.ts';
import { findScheme } from './schemes/index.ts';

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
