/** Who is at the other end of a connection: the PROXY protocol may have named another one than the socket does. */
import type { Socket } from 'node:net';
import { normaliseAddress } from '../login/network.ts';
import type { ProxiedPeer } from './proxy-header.ts';

export interface Peer {
  /** In the normal form; `127.0.0.1` behind a Unix socket, which only local processes can reach. */
  readonly ip: string;
  readonly port: string;
}

/** What of a connection names its ends; TLS and HTTP/2 show it under objects of their own. */
type Ends = Pick<Socket, 'remoteAddress' | 'remotePort' | 'localPort'>;

export class Peers {
  readonly #proxied = new Map<string, Peer>();
  readonly #local = new WeakSet<object>();

  /** A connection over a Unix socket. */
  rememberLocal(socket: Socket): void {
    this.#local.add(socket);
  }

  /** Remembers what the PROXY protocol said, until the connection ends. */
  remember(socket: Socket, { ip, port }: ProxiedPeer): void {
    const name = nameOf(socket);
    this.#proxied.set(name, { ip: normaliseAddress(ip), port });
    socket.once('close', () => this.#proxied.delete(name));
  }

  of(ends: Ends): Peer {
    if (this.#proxied.size > 0) {
      const proxied = this.#proxied.get(nameOf(ends));
      if (proxied !== undefined) return proxied;
    }
    if (this.#local.has(ends)) return LOCAL;
    // A connection that has ended no longer says whose it was.
    return { ip: normaliseAddress(ends.remoteAddress ?? ''), port: String(ends.remotePort ?? '') };
  }
}

const LOCAL: Peer = { ip: '127.0.0.1', port: '' };

function nameOf({ remoteAddress, remotePort, localPort }: Ends): string {
  return `${remoteAddress} ${remotePort} ${localPort}`;
}
