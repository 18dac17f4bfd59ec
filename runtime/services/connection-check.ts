/** Can a mail server be reached? The probe of backend monitoring: connect, greet a proxy-aware server, shake hands, close. */
import { connect, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';

export interface ConnectionTarget {
  readonly host: string;
  readonly port: number;
  /** The server expects a PROXY protocol header. */
  readonly haproxyV2: boolean;
  readonly tls: boolean;
}

/** Milliseconds for each of connecting and TLS. */
const LIMIT_MS = 5000;

/** PROXY protocol version 2, command LOCAL, no addresses (HAProxy's proxy-protocol.txt section 2.2). */
const PROXY_LOCAL = Buffer.from('0d0a0d0a000d0a515549540a20000000', 'hex');

/** Why the server cannot be reached, in the words of the reference; undefined when it can. Never rejects. */
export async function checkConnection(target: ConnectionTarget): Promise<string | undefined> {
  let socket: Socket | undefined;
  try {
    socket = await opened(target);
    if (target.haproxyV2) socket.write(PROXY_LOCAL);
    if (target.tls) await handshake(socket);
    socket.end(() => socket?.destroy());
    return undefined;
  } catch (error) {
    socket?.destroy();
    return describe(error, target);
  }
}

function opened({ host, port }: ConnectionTarget): Promise<Socket> {
  const socket = connect({ host, port, timeout: LIMIT_MS });
  return ready(socket, 'connect');
}

/** Certificates are not judged: the probe asks whether the server answers. */
async function handshake(socket: Socket): Promise<void> {
  const secure = connectTls({ socket, rejectUnauthorized: false, timeout: LIMIT_MS });
  await ready(secure, 'secureConnect');
}

function ready(socket: Socket, event: 'connect' | 'secureConnect'): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const fail = (error: Error): void => {
      socket.destroy();
      reject(error);
    };
    socket.once(event, () => resolve(socket));
    socket.once('timeout', () => fail(new TimeoutError()));
    socket.on('error', fail);
    socket.once('close', () => reject(new Error('EOF')));
  });
}

class TimeoutError extends Error {}

const REASONS: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'connect: connection refused',
  EHOSTUNREACH: 'connect: no route to host',
  ENETUNREACH: 'connect: network is unreachable',
  ENOTFOUND: 'no such host',
};

function describe(error: unknown, { host, port }: ConnectionTarget): string {
  const address = host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
  if (error instanceof TimeoutError) return `dial tcp ${address}: i/o timeout`;
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  const reason = REASONS[code];
  if (reason !== undefined) return `dial tcp ${address}: ${reason}`;
  return error instanceof Error ? error.message : String(error);
}
