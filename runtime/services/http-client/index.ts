/** Outbound HTTP of scripts: one pool of connections for all, with the proxy and limits of `server.http_client`. */
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import type { Dispatcher } from 'undici';
import { isHttpToken, type ServerConfig } from '../../config/index.ts';
import { limitTime } from '../time-limit.ts';
import { failure, HttpClientError, reasonOf } from './failure.ts';
import { readUrl } from './url.ts';

export { HttpClientError } from './failure.ts';

export interface OutboundRequest {
  readonly method: string;
  readonly url: string;
  /** Names as they are to be sent; the client adds User-Agent and Accept-Encoding where they are missing. */
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly body: Buffer | undefined;
  /** Milliseconds for the whole exchange, redirects included; never more than a minute. */
  readonly timeoutMs?: number | undefined;
  /** Given up when it is aborted. */
  readonly ended?: AbortSignal;
}

export interface OutboundResponse {
  readonly status: number;
  /** In the order of the answer, names as `Content-Type`. */
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly body: Buffer;
  /** Where the answer came from, after redirects. */
  readonly url: string;
}

export interface HttpClient {
  /** Follows up to ten redirects; any status is an answer. Rejects with HttpClientError. */
  send(request: OutboundRequest): Promise<OutboundResponse>;
  close(): Promise<void>;
}

const LONGEST_MS = 60_000;
const MOST_REDIRECTS = 10;
/** Scripts hold an answer as a whole. */
const MOST_BYTES = 64 * 1024 * 1024;
const USER_AGENT = 'Go-http-client/1.1';

type Settings = Pick<ServerConfig, 'http_client' | 'tls'>;

/** The library is loaded with the first request. */
export function createHttpClient(settings: Settings): HttpClient {
  let dispatcher: Promise<Dispatcher> | undefined;
  const opened = (): Promise<Dispatcher> => {
    dispatcher ??= openDispatcher(settings);
    return dispatcher;
  };
  return {
    send: async (request) => follow(await opened(), request),
    close: async () => {
      await (await dispatcher)?.destroy();
    },
  };
}

async function openDispatcher({ http_client: limits, tls }: Settings): Promise<Dispatcher> {
  const { EnvHttpProxyAgent } = await import('undici');
  const verification = { rejectUnauthorized: !tls.http_client_skip_verify };
  const { proxy } = limits;
  return new EnvHttpProxyAgent({
    connections: limits.max_connections_per_host || null,
    ...(limits.idle_connection_timeout > 0 ? { keepAliveTimeout: limits.idle_connection_timeout } : {}),
    ...(proxy === '' ? { noProxy: exceptions() } : { httpProxy: proxy, httpsProxy: proxy, noProxy: '' }),
    connect: { ...verification, timeout: 30_000 },
    requestTls: verification,
    // Plain HTTP is asked of the proxy itself; only TLS needs a tunnel.
    proxyTunnel: false,
  });
}

/** A proxy of the environment is not asked for this machine. */
function exceptions(): string {
  return [process.env.no_proxy ?? process.env.NO_PROXY ?? '', 'localhost', '127.0.0.1', '[::1]'].join(',');
}

/** A request that is under way: redirects change all but the first's method name in error texts. */
interface Hop {
  readonly method: string;
  readonly url: URL;
  /** As given, or as the redirect named it. */
  readonly shown: string;
  readonly headers: readonly (readonly [string, string])[];
  readonly body: Buffer | undefined;
}

async function follow(dispatcher: Dispatcher, request: OutboundRequest): Promise<OutboundResponse> {
  const method = request.method === '' ? 'GET' : request.method;
  if (!isHttpToken(method)) {
    throw new HttpClientError(`net/http: invalid method ${JSON.stringify(method)}`);
  }
  const url = readUrl(method, request.url);
  const wanted = request.timeoutMs ?? LONGEST_MS;
  // What is no number has no time either.
  const { signal, release } = limitTime(wanted > 0 ? Math.ceil(Math.min(wanted, LONGEST_MS)) : 0, request.ended);
  const hop: Hop = { method, url, shown: request.url, headers: request.headers, body: request.body };
  return followFrom(dispatcher, hop, signal).finally(release);
}

async function followFrom(dispatcher: Dispatcher, first: Hop, signal: AbortSignal): Promise<OutboundResponse> {
  const { method } = first;
  let hop = first;
  for (let redirects = 0; ; redirects++) {
    const answer = await exchange(dispatcher, hop, signal, method);
    const location = redirectOf(answer);
    if (location === undefined) return answer;
    if (redirects === MOST_REDIRECTS - 1) throw failure(method, location, `stopped after ${MOST_REDIRECTS} redirects`);
    hop = nextHop(hop, location, answer.status);
  }
}

function redirectOf({ status, headers }: OutboundResponse): string | undefined {
  if (![301, 302, 303, 307, 308].includes(status)) return undefined;
  return headers.find(([name]) => name === 'Location')?.[1];
}

/** 307 and 308 repeat the request; all others ask for the new place (RFC 9110 section 15.4). */
function nextHop({ method, url, headers, body }: Hop, location: string, status: number): Hop {
  const shown = URL.canParse(location, url.href) ? new URL(location, url).href : location;
  const next = readUrl(method, shown);
  const isRepeated = status === 307 || status === 308 || method === 'GET' || method === 'HEAD';
  const isHome = next.hostname === url.hostname || next.hostname.endsWith(`.${url.hostname}`);
  const kept = headers.filter(([name]) => {
    const lower = name.toLowerCase();
    if (!isHome && ['authorization', 'cookie', 'www-authenticate'].includes(lower)) return false;
    return isRepeated || lower !== 'content-type';
  });
  return { method: isRepeated ? method : 'GET', url: next, shown, headers: kept, body: isRepeated ? body : undefined };
}

async function exchange(
  dispatcher: Dispatcher,
  hop: Hop,
  signal: AbortSignal,
  firstMethod: string,
): Promise<OutboundResponse> {
  try {
    const { sent, wantsGzip } = headersOf(hop);
    const answer = await dispatcher.request({
      origin: hop.url.origin,
      path: hop.url.pathname + hop.url.search,
      method: hop.method as Dispatcher.HttpMethod,
      headers: sent,
      body: hop.body ?? null,
      signal,
      responseHeaders: 'raw',
    });
    const headers = canonicalHeaders(answer.headers);
    const body = await readBody(answer.body);
    const isZipped = wantsGzip && headers.some(([name, value]) => name === 'Content-Encoding' && /^gzip$/i.test(value));
    return {
      status: answer.statusCode,
      url: hop.shown,
      body: isZipped ? await promisify(gunzip)(body, { maxOutputLength: MOST_BYTES }) : body,
      headers: isZipped ? headers.filter(([name]) => !/^Content-(Encoding|Length)$/.test(name)) : headers,
    };
  } catch (error) {
    throw failure(firstMethod, hop.shown, reasonOf(error, hop.url));
  }
}

/** Headers that belong to the connection are the client's own. */
const OWN_HEADERS = new Set([
  'host',
  'connection',
  'keep-alive',
  'transfer-encoding',
  'content-length',
  'upgrade',
  'expect',
]);

function headersOf({ method, url, headers }: Hop): { readonly sent: string[]; readonly wantsGzip: boolean } {
  const sent: string[] = [];
  const given = new Set<string>();
  for (const [name, value] of headers) {
    const lower = name.toLowerCase();
    if (OWN_HEADERS.has(lower)) continue;
    given.add(lower);
    sent.push(name, value);
  }
  if (!given.has('user-agent')) sent.push('User-Agent', USER_AGENT);
  if (!given.has('authorization') && url.username !== '') sent.push('Authorization', credentialsOf(url));
  const wantsGzip = !given.has('accept-encoding') && !given.has('range') && method !== 'HEAD';
  if (wantsGzip) sent.push('Accept-Encoding', 'gzip');
  return { sent, wantsGzip };
}

function credentialsOf({ username, password }: URL): string {
  const pair = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
  return `Basic ${Buffer.from(pair, 'utf8').toString('base64')}`;
}

async function readBody(stream: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const parts: Uint8Array[] = [];
  let size = 0;
  for await (const part of stream) {
    size += part.length;
    if (size > MOST_BYTES) throw new Error(`the answer has more than ${MOST_BYTES} bytes`);
    parts.push(part);
  }
  return Buffer.concat(parts, size);
}

/** `content-TYPE` becomes `Content-Type`. */
function canonicalName(name: string): string {
  return name.toLowerCase().replace(/(^|-)([a-z])/g, (_, dash: string, letter: string) => dash + letter.toUpperCase());
}

/** With `responseHeaders: 'raw'` they come as a flat list of names and values. */
function canonicalHeaders(raw: unknown): readonly (readonly [string, string])[] {
  if (!Array.isArray(raw)) return [];
  const headers: [string, string][] = [];
  for (let at = 0; at + 1 < raw.length; at += 2) {
    headers.push([
      canonicalName(String(raw[at])),
      Buffer.isBuffer(raw[at + 1]) ? raw[at + 1].toString('latin1') : String(raw[at + 1]),
    ]);
  }
  return headers;
}
