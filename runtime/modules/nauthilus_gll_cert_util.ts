/** How long a server's certificate is valid, as the module `cert_util` of gopher-lua-libs. */
import type { Socket } from 'node:net';
import { type DetailedPeerCertificate, connect as secure } from 'node:tls';
import {
  attemptLater,
  defineModule,
  error,
  io,
  type Outcome,
  optional,
  result,
  str,
  toUtf8String,
} from '../host/index.ts';
import { DialError, dial, serverNameOf } from './go/dial.ts';

const DIAL_MS = 5000;
/** The reference waits for ever for a server that accepts and says nothing. */
const HANDSHAKE_MS = 5000;

/** The earliest end of all certificates that the server sent, in Unix seconds; undefined if there was none. */
function earliestEnd(first: DetailedPeerCertificate): number | undefined {
  let earliest: number | undefined;
  const seen = new Set<string>();
  for (
    let each = first;
    each?.valid_to !== undefined && !seen.has(each.fingerprint256);
    each = each.issuerCertificate
  ) {
    seen.add(each.fingerprint256);
    const end = Date.parse(each.valid_to) / 1000;
    if (earliest === undefined || end < earliest) earliest = end;
  }
  return earliest;
}

/** Nothing of the certificates is verified: their dates are all that is wanted. */
function certificateEnd(socket: Socket, name: string): Promise<number | undefined> {
  return new Promise((resolve) => {
    const host = serverNameOf(name);
    const isNamed = /^[\x21-\x7e]+$/.test(host) && !host.endsWith('.');
    const tls = secure({ socket, rejectUnauthorized: false, ...(isNamed ? { servername: host } : {}) });
    const settle = (end: number | undefined): void => {
      clearTimeout(timer);
      tls.destroy();
      resolve(end);
    };
    const timer = setTimeout(() => settle(undefined), HANDSHAKE_MS);
    tls.once('secureConnect', () => settle(earliestEnd(tls.getPeerCertificate(true))));
    tls.once('error', () => settle(undefined));
    tls.once('close', () => settle(undefined));
  });
}

async function notAfter(hostname: string, address: string): Promise<Outcome> {
  return attemptLater(
    [DialError],
    ({ message }) => [undefined, message],
    async () => {
      const end = await certificateEnd(await dial(toUtf8String(address), DIAL_MS), toUtf8String(hostname));
      return end === undefined ? [undefined, 'certs not found'] : [end, undefined];
    },
  );
}

export default defineModule({
  name: 'nauthilus_gll_cert_util',
  requires: ['cert_util'],
  classes: 'all',
  doc: 'Facts about the certificates of servers.',
  functions: {
    not_after: io(
      {
        doc: 'When the first certificate of a server ends, in Unix seconds; the address is that of the name, port 443.',
        args: [str('hostname'), optional(str('address'))],
        returns: [result('time', 'number?'), error],
      },
      (_call, hostname, address = `${hostname}:443`) => notAfter(hostname, address),
    ),
  },
});
