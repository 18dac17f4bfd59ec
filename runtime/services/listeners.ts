/** Servers that scripts open. Each ends with whoever opened it, at the latest with the services. */
import type { Server } from 'node:http';
import { isIPv6 } from 'node:net';

export interface Listener {
  /** With the real port: `127.0.0.1:8080`, `[::1]:8080`. */
  readonly address: string;
  /** Ends the connections, too; calling it again does nothing. */
  close(): void;
}

export interface Listeners {
  /** Listens with the server of a script; `host` '' is every interface. Rejects with the system's error. */
  open(server: Server, host: string, port: number): Promise<Listener>;
  /** Ends all of them. */
  close(): void;
}

/** A script that opens one after the other must not use up the process's files. */
const MOST_LISTENERS = 64;
/** Connections of one server. */
const MOST_CONNECTIONS = 1024;

export function createListeners(): Listeners {
  const open = new Set<Server>();
  const close = (server: Server): void => {
    if (!open.delete(server)) return;
    server.close();
    server.closeAllConnections();
  };
  return {
    open: async (server, host, port) => {
      if (open.size >= MOST_LISTENERS) throw tooMany();
      open.add(server);
      try {
        await listening(server, host, port);
      } catch (error) {
        open.delete(server);
        throw error;
      }
      server.maxConnections = MOST_CONNECTIONS;
      // A server that nobody asks anything of does not keep a process from ending.
      server.unref();
      return { address: addressOf(server), close: () => close(server) };
    },
    close: () => {
      for (const server of [...open]) close(server);
    },
  };
}

function tooMany(): Error {
  return Object.assign(new Error(`scripts have ${MOST_LISTENERS} servers open already`), { code: 'EMFILE' });
}

function listening(server: Server, host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen({ port, ...(host === '' ? {} : { host }) }, () => {
      server.removeListener('error', reject);
      // Later errors are of single connections that could not be accepted.
      server.on('error', () => undefined);
      resolve();
    });
  });
}

function addressOf(server: Server): string {
  const bound = server.address();
  if (bound === null || typeof bound === 'string') return bound ?? '';
  return `${isIPv6(bound.address) ? `[${bound.address}]` : bound.address}:${bound.port}`;
}
