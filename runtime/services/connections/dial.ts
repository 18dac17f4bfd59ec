/** Opening connections to mail servers within a time limit: TCP, the header of the PROXY protocol, TLS; and reading lines. */
import { connect, isIP, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { networkText } from '../network-text.ts';

export interface Endpoint {
  /** A name or an address, without brackets. */
  readonly host: string;
  readonly port: number;
}

/** Milliseconds for each step: connecting, TLS, a greeting. */
export const STEP_LIMIT_MS = 5000;

/** PROXY protocol version 2, command LOCAL, no addresses (HAProxy's proxy-protocol.txt section 2.2). */
export const PROXY_LOCAL = Buffer.from('0d0a0d0a000d0a515549540a20000000', 'hex');

/** A step that failed; the message is for logs and scripts and has no text of the runtime in it. */
export class DialError extends Error {}

/** Connects; rejects with DialError. */
export async function openTcp(endpoint: Endpoint): Promise<Socket> {
  const { host, port } = endpoint;
  if (!Number.isInteger(port) || port < 1 || port > 65_535)
    throw new DialError(`dial tcp: address ${port}: invalid port`);
  if (!/^[\x21-\x7e]+$/.test(host)) throw new DialError(`dial tcp: lookup of an invalid name: no such host`);
  const socket = connect({ host, port });
  socket.setNoDelay();
  await reached(socket, 'connect', endpoint);
  return socket;
}

/**
 * TLS over an open connection; rejects with DialError. Certificates are not judged: whoever asks wants to know whether
 * the server answers. A name is sent along (RFC 6066 section 3), an address is not.
 */
export async function startTls(socket: Socket, endpoint: Endpoint): Promise<Socket> {
  const servername = isIP(endpoint.host) === 0 ? endpoint.host : '';
  const secure = connectTls({ socket, servername, rejectUnauthorized: false });
  await reached(secure, 'secureConnect', endpoint);
  return secure;
}

/** Settles with the event, with an error or the end of the connection, or with the time limit. */
function reached(socket: Socket, event: 'connect' | 'secureConnect', endpoint: Endpoint): Promise<void> {
  return within(socket, endpoint, (resolve) => socket.once(event, resolve));
}

/**
 * Gives the lines that come until `isLast` accepts one, without line ends. Rejects with DialError, also when the peer
 * sends more than a greeting can have.
 */
export function readLines(
  socket: Socket,
  endpoint: Endpoint,
  isLast: (line: string) => boolean,
): Promise<readonly string[]> {
  let text = '';
  let onData: ((bytes: Buffer) => void) | undefined;
  const lines = within<readonly string[]>(socket, endpoint, (resolve, reject) => {
    onData = (bytes) => {
      text += bytes.toString('latin1');
      const complete = text.split(/\r?\n/).slice(0, -1);
      const last = complete.findIndex(isLast);
      if (last >= 0) resolve(complete.slice(0, last + 1));
      else if (text.length > LONGEST_GREETING) reject(new DialError(`${nameOf(endpoint)}: greeting is too long`));
    };
    socket.on('data', onData);
  });
  return lines.finally(() => {
    if (onData !== undefined) socket.off('data', onData);
  });
}

const LONGEST_GREETING = 16_384;

/** Errors of the socket stay handled afterwards; on failure the socket is destroyed. */
async function within<T>(
  socket: Socket,
  endpoint: Endpoint,
  start: (resolve: (value: T) => void, reject: (error: Error) => void) => void,
): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  try {
    return await new Promise<T>((resolve, reject) => {
      const fail = (error: Error): void => reject(explain(error, endpoint));
      socket.on('error', fail);
      socket.once('close', () => reject(new DialError(`${nameOf(endpoint)}: EOF`)));
      timer = setTimeout(() => reject(new DialError(`dial tcp ${nameOf(endpoint)}: i/o timeout`)), STEP_LIMIT_MS);
      start(resolve, reject);
    });
  } catch (error) {
    socket.destroy();
    throw error;
  } finally {
    clearTimeout(timer);
  }
}

function explain(error: Error, endpoint: Endpoint): Error {
  if (error instanceof DialError) return error;
  const code = 'code' in error ? String(error.code) : '';
  const target = nameOf(endpoint);
  if (code === 'ERR_SSL_WRONG_VERSION_NUMBER' || code === 'ERR_SSL_PACKET_LENGTH_TOO_LONG') {
    return new DialError(`${target}: tls: first record does not look like a TLS handshake`);
  }
  // Longer texts of OpenSSL carry addresses and source files.
  if ('reason' in error) return new DialError(`${target}: tls: ${String(error.reason)}`);
  if (code === 'ECONNRESET') return new DialError(`${target}: EOF`);
  return new DialError(networkText(error, target));
}

/** `host:port`, with brackets for IPv6. */
export function nameOf({ host, port }: Endpoint): string {
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
}
