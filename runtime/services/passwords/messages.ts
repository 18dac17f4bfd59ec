/** What the pool and its workers say to each other. A worker has one request at a time, so replies need no number. */
import type { PasswordOutcome } from './outcome.ts';

export interface Request {
  readonly stored: string;
  readonly plain: string;
}

export interface Reply {
  readonly outcome: PasswordOutcome;
}
