/** Connection problems in words that scripts written for the reference may look for (`connection refused`, `i/o timeout`). */

const TEXTS: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'connect: connection refused',
  ECONNRESET: 'read: connection reset by peer',
  EHOSTUNREACH: 'connect: no route to host',
  ENETUNREACH: 'connect: network is unreachable',
  ENOTFOUND: 'no such host',
  EAI_AGAIN: 'temporary failure in name resolution',
  ETIMEDOUT: 'i/o timeout',
  EPIPE: 'write: broken pipe',
};

/** By the words of OpenSSL and Node: drivers put codes of their own in the place of theirs. */
const CERTIFICATE_PROBLEMS: readonly (readonly [pattern: RegExp, text: (host: string) => string])[] = [
  [/self-signed cert|issuer cert|verify the first cert/, () => 'certificate signed by unknown authority'],
  [/certificate (?:has expired|is not yet valid)/, () => 'certificate has expired or is not yet valid'],
  [/certificate's altnames/, (host) => `certificate is not valid for ${host}`],
];

/** What is wrong with the certificate of `host`, as Go's crypto/tls says it; undefined for other errors. */
export function certificateText(error: unknown, host: string): string | undefined {
  const message = error instanceof Error ? error.message : '';
  const known = CERTIFICATE_PROBLEMS.find(([pattern]) => pattern.test(message));
  return known && `tls: failed to verify certificate: x509: ${known[1](host)}`;
}

/** Text for an error of the network or of the login at the server; never contains credentials. */
export function networkText(error: Error, target: string): string {
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  const known = TEXTS[code] ?? (/timeout|timed out/i.test(error.message) ? 'i/o timeout' : undefined);
  return known === undefined ? `${target}: ${error.message || error.name}` : `dial tcp ${target}: ${known}`;
}
