/**
 * The sockets of the server: TCP and a Unix socket, in front of them the PROXY protocol and TLS where configured, HTTP/1.1
 * and (over TLS) HTTP/2 behind. Each is a server of Node's own that takes the connections of the one before it.
 */
import cluster from 'node:cluster';
import { readFileSync } from 'node:fs';
import { chmod, stat, unlink } from 'node:fs/promises';
import http, { type IncomingMessage, type ServerResponse } from 'node:http';
import http2 from 'node:http2';
import net, { type Server, type Socket } from 'node:net';
import tls from 'node:tls';
import { type Config, parseHostPort } from '../config/index.ts';
import { type NetworkList, networkListOf, normaliseAddress } from '../login/network.ts';
import type { Peers } from './peers.ts';
import { parseProxyHeader } from './proxy-header.ts';

/** Limits of a connection, milliseconds. Answers have none: a script may take longer than any sensible one. */
const REQUEST_TIMEOUT = 10_000;
const KEEP_ALIVE_TIMEOUT = 60_000;
/** How often slow requests are looked for. */
const CHECKING_INTERVAL = 5000;
/** Time for the PROXY header and the TLS handshake. */
const OPENING_TIMEOUT = 10_000;
/** Requests that one HTTP/2 connection may have under way. */
const MOST_STREAMS = 250;

export interface Listener {
  /** Rejects when an address cannot be bound; then nothing listens. */
  listen(): Promise<void>;
  /** `host:port` with the real port, or `unix:` and the path; '' before `listen`. */
  readonly address: string;
  /**
   * Reads certificate and key of another configuration. Throws when they cannot be used; calling what it gives makes new
   * connections use them, and obey `haproxy_v2` and `haproxy_networks`. Connections that are open stay as they are.
   */
  prepare(config: Config): () => void;
  /** Accepts nothing more and resolves when all connections have ended; idle ones are ended at once. */
  close(): Promise<void>;
}

/** Takes requests of HTTP/1.1 and, in Node's compatible form, of HTTP/2. */
export type Dispatch = (request: IncomingMessage, response: ServerResponse) => void;

/** Nothing listens yet. Throws when certificate or key cannot be read. */
export function createListener(config: Config, peers: Peers, dispatch: Dispatch): Listener {
  return new Sockets(config, peers, dispatch);
}

type Take = (socket: Socket) => void;

class Sockets implements Listener {
  #config: Config['server'];
  readonly #http1: http.Server;
  readonly #sessions = new Set<http2.ServerHttp2Session>();
  readonly #sockets = new Set<Socket>();
  /** Connections that no HTTP server has yet. */
  readonly #opening = new Set<Socket>();
  /** Connections of HTTP/1.1, with the bytes they had sent before any request. */
  readonly #handedOver = new Map<Socket, number>();
  readonly #fronts: Server[] = [];
  readonly #plain: Take;
  /** TLS where that is enabled. */
  readonly #secured: Take;
  #tls: tls.Server | undefined;
  readonly #peers: Peers;
  /** Who may send PROXY headers; undefined: everybody. */
  #balancers: NetworkList | undefined;
  #address = '';

  constructor({ server }: Config, peers: Peers, dispatch: Dispatch) {
    this.#config = server;
    this.#peers = peers;
    this.#balancers = balancersOf(server);
    this.#http1 = http.createServer(
      {
        requestTimeout: REQUEST_TIMEOUT,
        keepAliveTimeout: KEEP_ALIVE_TIMEOUT,
        connectionsCheckingInterval: CHECKING_INTERVAL,
      },
      dispatch,
    );
    this.#plain = (socket) => {
      this.#opening.delete(socket);
      this.#handOver(socket);
    };
    this.#secured = server.tls.enabled ? this.#secure(server.tls) : this.#plain;
  }

  prepare({ server }: Config): () => void {
    const options = this.#tls === undefined ? undefined : readTls(server.tls);
    // It would complain only when it is used.
    if (options !== undefined) tls.createSecureContext(options);
    return () => {
      if (options !== undefined) this.#tls?.setSecureContext(options);
      this.#config = { ...this.#config, haproxy_v2: server.haproxy_v2 };
      this.#balancers = balancersOf(server);
    };
  }

  get address(): string {
    return this.#address;
  }

  async listen(): Promise<void> {
    const { address, unix_socket: unix } = this.#config;
    try {
      if (address !== '') this.#address = await this.#listenOnTcp(address);
      if (unix.path !== '') await this.#listenOnUnix(unix.path, unix.mode);
      this.#address ||= `unix:${unix.path}`;
    } catch (error) {
      for (const front of this.#fronts) front.close();
      throw error;
    }
    // The limits of requests are watched by a server that listens; this one is handed its connections.
    this.#http1.emit('listening');
  }

  async #listenOnTcp(address: string): Promise<string> {
    const parsed = parseHostPort(address);
    if (!parsed) throw new Error(`server.address is not host:port: ${address}`);
    const { host, port } = parsed;
    const take: Take = (socket) => {
      if (this.#config.haproxy_v2) this.#readHeader(socket, this.#secured);
      else this.#secured(socket);
    };
    const front = this.#front(take, this.#secured === this.#plain);
    await bind(front, host === '' ? { port } : { host, port });
    const bound = front.address();
    if (bound === null || typeof bound === 'string') return address;
    return bound.address.includes(':') ? `[${bound.address}]:${bound.port}` : `${bound.address}:${bound.port}`;
  }

  /** Local clients need neither TLS nor the PROXY protocol. */
  async #listenOnUnix(path: string, mode: string): Promise<void> {
    // Workers share a socket that the primary process has looked after.
    if (cluster.isPrimary) await removeStaleSocket(path);
    const front = this.#front((socket) => {
      this.#peers.rememberLocal(socket);
      this.#plain(socket);
    }, true);
    await bind(front, { path });
    if (mode !== '') await chmod(path, Number.parseInt(mode, 8));
  }

  /** `allowHalfOpen`: a client of HTTP/1.1 may end its side before the answer; TLS ends both. */
  #front(take: Take, allowHalfOpen: boolean): Server {
    const front = net.createServer({ allowHalfOpen, noDelay: true }, (socket) => {
      this.#sockets.add(socket);
      this.#opening.add(socket);
      socket.once('close', () => {
        this.#sockets.delete(socket);
        this.#opening.delete(socket);
      });
      take(socket);
    });
    this.#fronts.push(front);
    return front;
  }

  #handOver(socket: Socket): void {
    this.#handedOver.set(socket, socket.bytesRead);
    socket.once('close', () => this.#handedOver.delete(socket));
    this.#http1.emit('connection', socket);
  }

  #secure(settings: Config['server']['tls']): Take {
    // In Node's compatible form they are what a server of HTTP/1.1 hands out.
    const http2Server = http2.createServer({ settings: { maxConcurrentStreams: MOST_STREAMS } }, (request, response) =>
      this.#http1.emit('request', request, response),
    );
    http2Server.on('session', (session) => {
      this.#sessions.add(session);
      session.once('close', () => this.#sessions.delete(session));
      session.setTimeout(KEEP_ALIVE_TIMEOUT, () => session.close());
    });
    http2Server.on('sessionError', () => undefined);
    const tlsServer = tls.createServer({
      ...readTls(settings),
      ALPNProtocols: ['h2', 'http/1.1'],
      handshakeTimeout: OPENING_TIMEOUT,
    });
    this.#tls = tlsServer;
    tlsServer.on('secureConnection', (socket) => {
      // The connection below is known only by its ends.
      for (const raw of this.#opening) if (hasSameEnds(raw, socket)) this.#opening.delete(raw);
      if (socket.alpnProtocol === 'h2') http2Server.emit('connection', socket);
      else this.#handOver(socket);
    });
    tlsServer.on('tlsClientError', (_error, socket) => socket.destroy());
    return (socket) => void tlsServer.emit('connection', socket);
  }

  /** Every connection has to begin with the header; what does not, or comes from elsewhere, is ended without a word. */
  #readHeader(socket: Socket, next: Take): void {
    if (this.#balancers?.contains(normaliseAddress(socket.remoteAddress ?? '')) === false) {
      socket.destroy();
      return;
    }
    const chunks: Buffer[] = [];
    const end = (): void => void socket.destroy();
    const take = (chunk: Buffer): void => {
      chunks.push(chunk);
      const bytes = chunks.length === 1 ? chunk : Buffer.concat(chunks);
      const header = parseProxyHeader(bytes);
      if (header.kind === 'more') return;
      socket.pause();
      socket.off('data', take).off('error', end).off('end', end).off('timeout', end).setTimeout(0);
      if (header.kind === 'invalid') {
        socket.destroy();
        return;
      }
      if (header.peer !== undefined) this.#peers.remember(socket, header.peer);
      if (bytes.length > header.length) socket.unshift(bytes.subarray(header.length));
      next(socket);
      // TLS reads by itself.
      if (next === this.#plain) socket.resume();
    };
    socket.on('data', take).on('error', end).on('end', end).on('timeout', end).setTimeout(OPENING_TIMEOUT);
  }

  async close(): Promise<void> {
    for (const front of this.#fronts) front.close();
    for (const socket of this.#opening) socket.destroy();
    for (const session of this.#sessions) session.close();
    for (const [socket, bytes] of this.#handedOver) if (socket.bytesRead === bytes) socket.destroy();
    this.#http1.closeIdleConnections();
    await Promise.all([...this.#sockets].map((socket) => new Promise((resolve) => socket.once('close', resolve))));
    this.#http1.close();
  }
}

function balancersOf({ haproxy_networks: networks }: Config['server']): NetworkList | undefined {
  return networks.length > 0 ? networkListOf(networks) : undefined;
}

function readTls({ cert, key }: Config['server']['tls']): tls.SecureContextOptions {
  return { cert: readPem(cert), key: readPem(key), minVersion: 'TLSv1.2' };
}

function readPem(path: string): Buffer {
  try {
    return readFileSync(path);
  } catch (error) {
    throw new Error(`TLS certificate or key file ${path} is not readable: ${String(error)}`);
  }
}

function hasSameEnds(one: Socket, other: Socket): boolean {
  return one.remoteAddress === other.remoteAddress && one.remotePort === other.remotePort;
}

function bind(server: Server, where: net.ListenOptions): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(where, () => {
      server.off('error', reject);
      // A connection that cannot be accepted, for want of file descriptors, is lost; the others stay.
      server.on('error', () => undefined);
      resolve();
    });
  });
}

/** A server that was killed leaves its socket behind: one that nobody listens on is removed. */
export async function removeStaleSocket(path: string): Promise<void> {
  const found = await stat(path).catch(() => undefined);
  if (found?.isSocket() && !(await answers(path))) await unlink(path);
}

/** Does anybody take connections at this path? */
function answers(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = net.connect({ path });
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
    socket.once('connect', () => socket.destroy());
  });
}
