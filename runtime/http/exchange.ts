/**
 * One HTTP request and its answer: limit, body, answer, log line. Bodies are read and answers are written on the raw
 * streams, because every response header and its spelling is part of the protocols served here.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { newSession } from '../login/session.ts';
import type { Generation } from '../pipeline/generation.ts';
import { emptyAnswer, isHarmless, jsonAnswer, safeHeaderValue } from './answers.ts';
import type { HttpAnswer, HttpRequest } from './endpoint.ts';
import { logRequest } from './http-line.ts';
import { endSoon } from './outbox.ts';
import type { Peer, Peers } from './peers.ts';
import { readBody } from './read-body.ts';
import { readQuery } from './read-query.ts';

const TOO_MANY = jsonAnswer(429, { msg: 'Too many requests' });
/** The rest of the body stays unread, so the connection cannot be used again. */
const TOO_LARGE = {
  ...jsonAnswer(413, { error: 'request body too large' }, [['Connection', 'close']]),
  problem: 'request body too large',
};
const FAILED = { ...emptyAnswer(500), problem: 'internal error' };

/** What the HTTP layer asks for once per request; another request may get another generation. */
export type CurrentGeneration = () => Generation;

/** A request whose body has been read. */
export interface Exchange {
  readonly session: string;
  /** Monotonic milliseconds. */
  readonly startedAt: number;
  readonly generation: Generation;
  readonly request: HttpRequest;
  readonly raw: IncomingMessage;
  readonly response: ServerResponse;
  /** Pattern of the route, for metrics; '' where nothing matched. */
  readonly route: string;
  /** The final line of a login has been written, which says more than the line of the request would. */
  hasFinalLine: boolean;
}

export type Answering = (exchange: Exchange) => HttpAnswer | Promise<HttpAnswer>;

/** Takes requests in, one at a time or many at once up to the limit. */
export class Desk {
  readonly #current: CurrentGeneration;
  readonly #peers: Peers;
  #running = 0;
  #isClosing = false;

  constructor(current: CurrentGeneration, peers: Peers) {
    this.#current = current;
    this.#peers = peers;
    current().services.metrics.measure('server_concurrent_requests', () => this.#running);
  }

  /** From now on every answer ends its connection. */
  close(): void {
    this.#isClosing = true;
  }

  /** Reads the body and answers. A client that goes away while it sends gets no answer and no log line. */
  take(raw: IncomingMessage, response: ServerResponse, route: string, answering: Answering): void {
    const { clock } = this.#current().services;
    const startedAt = clock.monotonic();
    const peer = this.#peers.of(raw.socket);
    readBody(raw, (body) => {
      // Not before: a body may take its time, and a reload would have to wait for it.
      const generation = this.#current();
      const request = describeRequest(raw, body ?? NO_BODY, peer);
      const exchange = {
        session: newSession(clock.now()),
        startedAt,
        generation,
        request,
        raw,
        response,
        route,
        hasFinalLine: false,
      };
      if (body === undefined) finish(exchange, TOO_LARGE);
      else if (this.#running >= generation.config.server.max_concurrent_requests) finish(exchange, TOO_MANY);
      else this.#answer(exchange, answering);
    });
  }

  #answer(exchange: Exchange, answering: Answering): void {
    const { lease } = exchange.generation;
    this.#running += 1;
    lease.hold();
    const done = (answer: HttpAnswer): void => {
      this.#running -= 1;
      if (this.#isClosing) exchange.response.shouldKeepAlive = false;
      finishOrEnd(exchange, answer);
      lease.release();
    };
    const failed = (error: unknown): void => {
      reportFailure(exchange, error);
      done(FAILED);
    };
    try {
      const answer = answering(exchange);
      if (answer instanceof Promise) answer.then(done, failed);
      else done(answer);
    } catch (error) {
      failed(error);
    }
  }
}

const NO_BODY = Buffer.alloc(0);

function describeRequest(raw: IncomingMessage, body: Buffer, peer: Peer): HttpRequest {
  const url = raw.url ?? '/';
  const mark = url.indexOf('?');
  return {
    method: raw.method ?? '',
    path: mark < 0 ? url : url.slice(0, mark),
    query: mark < 0 ? '' : url.slice(mark + 1),
    headers: raw.headers,
    body,
    peerIp: peer.ip,
    peerPort: peer.port,
  };
}

/** An answer that cannot be written is a defect: the client gets none, everybody else is served. */
function finishOrEnd(exchange: Exchange, answer: HttpAnswer): void {
  try {
    finish(exchange, answer);
  } catch (error) {
    reportFailure(exchange, error);
    exchange.response.destroy();
  }
}

function finish(exchange: Exchange, answer: HttpAnswer): void {
  if (!exchange.response.headersSent) write(exchange.response, answer);
  const { metrics, clock } = exchange.generation.services;
  metrics.count('http_requests_total', { path: exchange.route });
  const ms = clock.monotonic() - exchange.startedAt;
  metrics.observeHttp(exchange.route, ms / 1000);
  if (metrics.isTimed('request')) metrics.took('request', requestTask(exchange.request), ms);
  logRequest(exchange, answer);
}

/** One of three, whatever a client writes. */
function requestTask({ query }: HttpRequest): string {
  return `request_${readQuery(query).mode.replace('-', '_')}_total`;
}

/**
 * A body that is a string is text, header values are byte strings. Node writes head and text together as UTF-8, which would
 * encode the bytes of a header once more: then the body goes as bytes.
 */
function write(response: ServerResponse, answer: HttpAnswer): void {
  const headers: string[] = [];
  let isAscii = true;
  for (const [name, value] of answer.headers) {
    if (value === '') continue;
    const isHarmlessValue = isHarmless(value);
    isAscii &&= isHarmlessValue;
    headers.push(name, isHarmlessValue ? value : safeHeaderValue(value));
  }
  const body = typeof answer.body === 'string' && !isAscii ? Buffer.from(answer.body) : answer.body;
  const length = typeof body === 'string' ? Buffer.byteLength(body) : body.length;
  // RFC 9110 section 8.6: answers of this status have no content, and no length either.
  if (answer.status !== 204) headers.push('Content-Length', String(length));
  response.writeHead(answer.status, headers);
  // Text of as many bytes as characters is ASCII, which is written faster in an encoding that needs no look at it.
  endSoon(response, body, length === body.length ? 'latin1' : 'utf8');
}

function reportFailure({ generation, session }: Exchange, error: unknown): void {
  const msg = error instanceof Error ? (error.stack ?? error.message) : String(error);
  generation.services.log.error({ session, msg });
}
