/**
 * The three outcomes of a login, never two: `ok`, `fail` (the answer is no) and `tempfail` (there is no answer).
 * A fault of a script or a service is a tempfail: it never lets anybody in and never counts as a wrong password.
 */

/** Why a login was refused; for metrics and tests, the client sees the status message. */
export type FailReason = 'credentials' | 'brute-force' | 'feature' | 'filter';

/** Texts of a temporary failure that clients see (spec: constants of the reference server). */
export type TempfailText =
  | 'Temporary server problem, try again later'
  | 'TLS transport encryption required'
  | 'No username given';

export const TEMPORARY_PROBLEM: TempfailText = 'Temporary server problem, try again later';
export const TLS_REQUIRED: TempfailText = 'TLS transport encryption required';
export const NO_USERNAME: TempfailText = 'No username given';

/** What a rejected client is told unless a script has set another text. */
const DEFAULT_FAIL_MESSAGE = 'Invalid login or password';

export type Verdict =
  | { readonly kind: 'ok' }
  | { readonly kind: 'fail'; readonly reason: FailReason }
  | { readonly kind: 'tempfail'; readonly text: TempfailText };

export const OK: Verdict = { kind: 'ok' };

/** A refusal; the text that the client reads is the status message of the login. */
export function fail(reason: FailReason): Verdict {
  return { kind: 'fail', reason };
}

/** A temporary failure with one of the fixed texts. */
export function tempfail(text: TempfailText = TEMPORARY_PROBLEM): Verdict {
  return { kind: 'tempfail', text };
}

/** Text that the client gets with a verdict, and that post actions see as `status_message`. */
export function messageOf(verdict: Verdict, login: { readonly script: { statusMessage: string | undefined } }): string {
  if (verdict.kind === 'ok') return 'OK';
  return verdict.kind === 'fail' ? login.script.statusMessage || DEFAULT_FAIL_MESSAGE : verdict.text;
}
