/** Everything the configuration can complain about: one factory per code. Values of secrets never get here. */
import type { Diagnostic, Severity } from '../contract/diagnostic.ts';
import type { Origin } from './source.ts';

/** What a message is about: the key path as in the file, and where the value stands. */
export interface Subject {
  readonly path: string;
  readonly origin: Origin | undefined;
}

export const messages = {
  notFound: (searched: readonly string[]): Diagnostic => ({
    code: 'config-not-found',
    severity: 'error',
    message: `no configuration file found; searched: ${searched.join(', ')}`,
    hint: 'name a file with -c FILE',
  }),
  unreadable: (file: string, reason: string): Diagnostic => ({
    code: 'config-unreadable',
    severity: 'error',
    message: `cannot read ${file}: ${reason}`,
  }),
  syntax: (text: string, origin: Origin): Diagnostic => at('config-syntax', 'error', { path: '', origin }, text),
  syntaxWarning: (text: string, origin: Origin): Diagnostic =>
    at('config-syntax', 'warning', { path: '', origin }, text),
  noServer: (origin: Origin | undefined): Diagnostic =>
    at('config-no-server', 'error', { path: '', origin }, "no 'server:' section found"),
  unknownKey: (subject: Subject, near: string | undefined): Diagnostic =>
    at('config-unknown-key', 'error', subject, 'unknown key', near && `did you mean '${near}'?`),
  unknownSection: (subject: Subject, near: string | undefined): Diagnostic =>
    at('config-unknown-section', 'warning', subject, 'unknown section, ignored', near && `did you mean '${near}'?`),
  unknownVariable: (name: string, near: string | undefined): Diagnostic => ({
    code: 'config-unknown-variable',
    severity: 'warning',
    message: `environment variable ${name} names no setting, ignored`,
    ...(near ? { hint: `did you mean '${near}'?` } : {}),
  }),
  duplicateKey: (subject: Subject): Diagnostic =>
    at('config-duplicate-key', 'error', subject, 'this key is there twice (upper and lower case make no difference)'),
  alias: (subject: Subject, instead: string): Diagnostic =>
    at('config-alias', 'warning', subject, `accepted, but the key is called ${instead}`),
  ignored: (subject: Subject, why: string): Diagnostic => at('config-ignored', 'notice', subject, `ignored: ${why}`),
  obsolete: (subject: Subject, why: string): Diagnostic => at('config-ignored', 'warning', subject, `ignored: ${why}`),
  wrongType: (subject: Subject, expected: string, found: string): Diagnostic =>
    at('config-wrong-type', 'error', subject, `must be ${expected}, found ${found}`),
  wrongValue: (subject: Subject, text: string, hint?: string): Diagnostic =>
    at('config-wrong-value', 'error', subject, text, hint),
  secretFile: (subject: Subject, file: string, reason: string): Diagnostic =>
    at('config-secret-file', 'error', subject, `the file ${file} has no secret: ${reason}`),
  twoSecrets: (subject: Subject, key: string): Diagnostic =>
    at('config-two-secrets', 'error', subject, `${key} is given, too: which of them counts?`, 'leave one of them out'),
  missing: (subject: Subject, text: string): Diagnostic => at('config-missing', 'error', subject, text),
  questionable: (subject: Subject, text: string, hint?: string): Diagnostic =>
    at('config-questionable', 'warning', subject, text, hint),
  embeddedStore: (subject: Subject): Diagnostic =>
    at(
      'config-embedded-store',
      'warning',
      subject,
      'no Redis address configured: using the store inside this process, nothing is shared or kept',
      'set server.redis.master.address for production',
    ),
} as const;

function at(code: string, severity: Severity, subject: Subject, text: string, hint?: string | undefined): Diagnostic {
  const { path, origin } = subject;
  const variable = typeof origin === 'string' ? ` (from ${origin})` : '';
  const about = path === '' ? '' : `${path}${variable}: `;
  return {
    code,
    severity,
    message: `${about}${text}`,
    ...(typeof origin === 'object' ? { place: origin } : {}),
    ...(hint ? { hint } : {}),
  };
}
