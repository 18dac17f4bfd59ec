/** A server of a script: requests wait until the script takes them. */
import { createServer, type IncomingMessage, type RequestListener, type Server, type ServerResponse } from 'node:http';
import { createServer as createTlsServer, type ServerOptions } from 'node:https';
import type { TLSSocket } from 'node:tls';
import type { Listener } from '../../services/index.ts';
import type { KeyPair } from './pem.ts';

export interface Incoming {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
}

/** As Go's `tls.ClientAuthType` names them. */
export const CLIENT_AUTH = [
  'NoClientCert',
  'RequestClientCert',
  'RequireAnyClientCert',
  'VerifyClientCertIfGiven',
  'RequireAndVerifyClientCert',
] as const;
export type ClientAuth = (typeof CLIENT_AUTH)[number];

export interface TlsSettings {
  readonly pair: KeyPair;
  readonly clientAuth: ClientAuth;
  readonly authorities: Buffer | undefined;
}

/** A plain server, or one with TLS. */
export function makeServer(tls: TlsSettings | undefined, answer: RequestListener): Server {
  if (tls === undefined) return createServer(answer);
  const { clientAuth, authorities } = tls;
  const options: ServerOptions = {
    cert: tls.pair.certificate,
    key: tls.pair.key,
    ...(authorities === undefined ? {} : { ca: authorities }),
    requestCert: clientAuth !== 'NoClientCert',
    rejectUnauthorized: clientAuth === 'RequireAndVerifyClientCert',
  };
  const server = createTlsServer(options, answer);
  // Before the server itself reads what the client has sent together with the end of its handshake.
  server.prependListener('secureConnection', (socket) => {
    if (!isWelcome(socket, clientAuth)) socket.destroy();
  });
  return server;
}

function isWelcome(socket: TLSSocket, clientAuth: ClientAuth): boolean {
  const hasCertificate = socket.getPeerX509Certificate() !== undefined;
  if (clientAuth === 'RequireAnyClientCert') return hasCertificate;
  return clientAuth !== 'VerifyClientCertIfGiven' || !hasCertificate || socket.authorized;
}

/** Requests in the order they came, and who waits for one. */
export class RequestQueue {
  private readonly requests: Incoming[] = [];
  private readonly waiting: ((incoming: Incoming) => void)[] = [];

  readonly add: RequestListener = (request, response) => {
    const incoming = { request, response };
    const next = this.waiting.shift();
    if (next === undefined) this.requests.push(incoming);
    else next(incoming);
  };

  next(): Promise<Incoming> {
    const incoming = this.takeLive();
    return incoming === undefined ? new Promise((resolve) => this.waiting.push(resolve)) : Promise.resolve(incoming);
  }

  /** Clients that have gone away meanwhile are passed over. */
  private takeLive(): Incoming | undefined {
    for (;;) {
      const incoming = this.requests.shift();
      if (incoming === undefined || !incoming.response.destroyed) return incoming;
    }
  }
}

export class HttpServer {
  readonly queue: RequestQueue;
  readonly address: string;
  private readonly server: Server;

  constructor(server: Server, queue: RequestQueue, { address }: Listener) {
    this.server = server;
    this.queue = queue;
    this.address = address;
  }

  /** While somebody waits the process goes on. */
  async accept(): Promise<Incoming> {
    this.server.ref();
    try {
      return await this.queue.next();
    } finally {
      this.server.unref();
    }
  }
}
