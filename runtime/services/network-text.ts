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

/** Text for an error of the network or of the login at the server; never contains credentials. */
export function networkText(error: Error, target: string): string {
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  const known = TEXTS[code] ?? (/timeout|timed out/i.test(error.message) ? 'i/o timeout' : undefined);
  return known === undefined ? `${target}: ${error.message || error.name}` : `dial tcp ${target}: ${known}`;
}
