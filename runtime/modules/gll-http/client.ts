/** HTTP exchanges of one client: its connections, cookies and settings. The libraries are loaded with the first one. */
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import type { CookieJar } from 'tough-cookie';
import type { Dispatcher } from 'undici';
import { fromBuffer } from '../../host/index.ts';
import { type TraceContext, traceHeaders } from '../../login/trace-context.ts';
import { limitTime } from '../../services/index.ts';
import { errorCode } from '../go/file-errors.ts';
import { basicCredentials } from '../go/headers.ts';
import { type GoUrl, hostNameOf, portOf, requestTarget, resolveUrl, UrlError, urlText } from '../go/url.ts';
import type { ClientOptions } from './options.ts';
import { isTimeout, reasonOf } from './reasons.ts';
import { canonicalName, type HttpRequest } from './request.ts';

/** No answer; the message is meant for scripts. */
export class NoAnswer extends Error {}

export interface HttpAnswer {
  readonly status: number;
  /** By canonical name, the first value only. */
  readonly headers: ReadonlyMap<string, string>;
  readonly body: Buffer;
}

const IDLE_MS = 10_000;
const MOST_REDIRECTS = 10;
/** Scripts hold an answer as a whole. */
const MOST_BYTES = 64 * 1024 * 1024;
const LONGEST_MS = 2 ** 31 - 1;

/** One request of an exchange; redirects lead to further ones. */
interface Hop {
  readonly method: string;
  readonly url: GoUrl;
  /** As in error texts: as it was given, or as the redirect gave it. */
  readonly shown: string;
  readonly headers: ReadonlyMap<string, string>;
  readonly body: Buffer | undefined;
}

interface RawAnswer extends HttpAnswer {
  readonly cookies: readonly string[];
}

export class HttpClient {
  readonly options: ClientOptions;
  private opening: Promise<Connections> | undefined;

  constructor(options: ClientOptions) {
    this.options = options;
  }

  /** What the client adds to every request stays in it, as in the reference. */
  prepare(request: HttpRequest): void {
    const { credentials, userAgent, headers } = this.options;
    if (credentials !== undefined) {
      request.set('Authorization', basicCredentials(credentials.user, credentials.password));
    }
    request.set('User-Agent', userAgent);
    for (const [name, value] of headers) request.set(name, value);
  }

  /** Follows redirects; any status is an answer. A trace goes on with it. Rejects with `NoAnswer`, also when `ended` is aborted. */
  async send(request: HttpRequest, ended: AbortSignal, trace?: TraceContext | undefined): Promise<HttpAnswer> {
    const shown = urlText(request.url, true);
    const problem = problemOf(request.url) ?? request.problem();
    if (problem !== undefined) throw new NoAnswer(request.failure(shown, problem));
    const limit = this.options.timeoutMs;
    const { signal, release } = limitTime(limit > 0 ? Math.min(Math.ceil(limit), LONGEST_MS) : undefined, ended);
    const headers = withTrace(request.headers, trace);
    const hop: Hop = { method: request.method, url: request.url, shown, headers, body: request.body };
    return this.follow(request, hop, signal).finally(release);
  }

  private async follow(request: HttpRequest, first: Hop, signal: AbortSignal): Promise<HttpAnswer> {
    let hop = first;
    for (let sent = 1; ; sent++) {
      const answer = await this.exchange(request, hop, signal);
      const location = [301, 302, 303, 307, 308].includes(answer.status) ? answer.headers.get('Location') : undefined;
      if (location === undefined) return answer;
      if (sent >= MOST_REDIRECTS) {
        throw new NoAnswer(request.failure(location, `stopped after ${MOST_REDIRECTS} redirects`));
      }
      hop = nextHop(request, hop, location, answer.status);
    }
  }

  private opened() {
    this.opening ??= this.open();
    return this.opening;
  }

  private async open(): Promise<Connections> {
    const { CookieJar: Jar } = await import('tough-cookie');
    return {
      ...(await openDispatchers(this.options)),
      jar: new Jar(undefined, { rejectPublicSuffixes: false, allowSecureOnLocal: false }),
    };
  }

  /** Plain HTTP is asked of the proxy itself; only TLS needs a tunnel. */
  private placeOf(url: GoUrl): { readonly origin: string; readonly path: string } {
    const { proxy } = this.options;
    const origin = `${url.scheme}://${url.host}`;
    if (proxy === undefined || url.scheme === 'https') return { origin, path: sentTarget(url) };
    return { origin: originOf(proxy), path: origin + sentTarget(url) };
  }

  private proxyHeaders(url: GoUrl): readonly string[] {
    const { proxy } = this.options;
    if (proxy === undefined || url.scheme === 'https') return [];
    const token = tokenOf(proxy);
    return ['Host', url.host, ...(token === undefined ? [] : ['Proxy-Authorization', token])];
  }

  private async exchange(request: HttpRequest, hop: Hop, signal: AbortSignal): Promise<HttpAnswer> {
    const { plain, secure, jar } = await this.opened();
    const address = urlText(hop.url);
    let started = false;
    try {
      const { headers, wantsGzip } = headersOf(hop, await jar.getCookieString(address).catch(() => ''));
      const response = await (hop.url.scheme === 'https' ? secure : plain).request({
        ...this.placeOf(hop.url),
        method: hop.method as Dispatcher.HttpMethod,
        headers: [...headers, ...this.proxyHeaders(hop.url)],
        body: hop.body ?? null,
        signal,
        responseHeaders: 'raw',
      });
      started = true;
      const answer = await readAnswer(response, wantsGzip);
      for (const cookie of answer.cookies) await jar.setCookie(cookie, address, { ignoreError: true });
      return answer;
    } catch (thrown) {
      if (thrown instanceof NoAnswer) throw thrown;
      if (started) throw new NoAnswer(bodyReason(thrown, hop.url));
      throw new NoAnswer(request.failure(hop.shown, reasonOf(thrown, hop.url, this.options.proxy)));
    }
  }
}

/** The script's own trace counts before that of the request it serves. */
function withTrace(headers: HttpRequest['headers'], trace: TraceContext | undefined): ReadonlyMap<string, string> {
  if (trace === undefined || headers.has('Traceparent')) return headers;
  return new Map([...headers, ...traceHeaders(trace)]);
}

interface Connections {
  readonly plain: Dispatcher;
  readonly secure: Dispatcher;
  readonly jar: CookieJar;
}

function problemOf(url: GoUrl): string | undefined {
  const { scheme, host } = url;
  if (scheme !== 'http' && scheme !== 'https') return `unsupported protocol scheme "${scheme}"`;
  if (host === '') return 'http: no Host in request URL';
  const port = portOf(url);
  return Number(port) > 65_535 ? `dial tcp: address ${port}: invalid port` : undefined;
}

function bodyReason(thrown: unknown, url: GoUrl): string {
  if (isTimeout(thrown)) return 'context deadline exceeded (Client.Timeout or context cancellation while reading body)';
  const reason = reasonOf(thrown, url, undefined);
  return reason === 'EOF' ? 'unexpected EOF' : reason;
}

/** A text that is no URL with a host is no proxy, but only that of a request shows it. */
function originOf({ scheme, host }: GoUrl): string {
  return `${scheme === 'https' ? 'https' : 'http'}://${host}`;
}

function tokenOf({ user }: GoUrl): string | undefined {
  return user && basicCredentials(user.username, user.password ?? '');
}

async function openDispatchers(options: ClientOptions): Promise<Omit<Connections, 'jar'>> {
  const { Agent, ProxyAgent } = await import('undici');
  const { authorities, certificate, verifies, proxy } = options;
  const tls = {
    rejectUnauthorized: verifies,
    ...(authorities === undefined ? {} : { ca: authorities }),
    ...(certificate === undefined ? {} : { cert: certificate.certificate, key: certificate.key }),
  };
  const common = { keepAliveTimeout: IDLE_MS, keepAliveMaxTimeout: IDLE_MS, headersTimeout: 0, bodyTimeout: 0 };
  const plain = new Agent({ ...common, connect: { ...tls, timeout: 30_000 } });
  if (proxy === undefined) return { plain, secure: plain };
  const token = tokenOf(proxy);
  const secure = new ProxyAgent({
    ...common,
    uri: originOf(proxy),
    ...(token === undefined ? {} : { token }),
    requestTls: tls,
    proxyTls: tls,
  });
  return { plain, secure };
}

/** What must not be in the first line of a request is escaped. */
function sentTarget(url: GoUrl): string {
  return requestTarget(url).replace(/[^!-~]/g, (byte) => `%${byte.charCodeAt(0).toString(16).toUpperCase()}`);
}

/** Headers that belong to the connection are the library's own; Host cannot be set in the reference either. */
const OWN_HEADERS = new Set([
  'Host',
  'Connection',
  'Content-Length',
  'Transfer-Encoding',
  'Keep-Alive',
  'Upgrade',
  'Expect',
]);

function headersOf(hop: Hop, cookies: string): { readonly headers: string[]; readonly wantsGzip: boolean } {
  const { headers, method, url } = hop;
  const sent: string[] = [];
  for (const [name, value] of headers) if (!OWN_HEADERS.has(name) && name !== 'Cookie') sent.push(name, value);
  const allCookies = [headers.get('Cookie') ?? '', cookies].filter((each) => each !== '').join('; ');
  if (allCookies !== '') sent.push('Cookie', allCookies);
  if (url.user !== undefined && !headers.has('Authorization')) {
    sent.push('Authorization', basicCredentials(url.user.username, url.user.password ?? ''));
  }
  if (!headers.has('User-Agent')) sent.push('User-Agent', 'Go-http-client/1.1');
  const wantsGzip = !headers.has('Accept-Encoding') && !headers.has('Range') && method !== 'HEAD';
  if (wantsGzip) sent.push('Accept-Encoding', 'gzip');
  return { headers: sent, wantsGzip };
}

async function readAnswer(response: Dispatcher.ResponseData, wantsGzip: boolean): Promise<RawAnswer> {
  const { headers, cookies } = answerHeaders(response.headers);
  const body = await bodyOf(response);
  if (!wantsGzip || headers.get('Content-Encoding')?.toLowerCase() !== 'gzip') {
    return { status: response.statusCode, headers, cookies, body };
  }
  headers.delete('Content-Encoding');
  headers.delete('Content-Length');
  const unzipped = await promisify(gunzip)(body, { maxOutputLength: MOST_BYTES }).catch((thrown: unknown) => {
    throw errorCode(thrown) === 'ERR_BUFFER_TOO_LARGE' ? tooLarge() : thrown;
  });
  return { status: response.statusCode, headers, cookies, body: unzipped };
}

/** With `responseHeaders: 'raw'` they come as a flat list of names and values. */
function answerHeaders(raw: unknown): { readonly headers: Map<string, string>; readonly cookies: string[] } {
  const headers = new Map<string, string>();
  const cookies: string[] = [];
  const list: readonly unknown[] = Array.isArray(raw) ? raw : [];
  const text = (part: unknown): string => (Buffer.isBuffer(part) ? fromBuffer(part) : String(part));
  for (let at = 0; at + 1 < list.length; at += 2) {
    const name = canonicalName(text(list[at]));
    const value = text(list[at + 1]);
    if (name === 'Set-Cookie') cookies.push(value);
    if (!headers.has(name)) headers.set(name, value);
  }
  return { headers, cookies };
}

/** These have none, even if a server announces its length, which the library then waits for. */
async function bodyOf({ statusCode, body }: Dispatcher.ResponseData): Promise<Buffer> {
  if (statusCode !== 204 && statusCode !== 304) return readBody(body);
  body.on('error', () => undefined).destroy();
  return Buffer.alloc(0);
}

function tooLarge(): NoAnswer {
  return new NoAnswer(`the answer has more than ${MOST_BYTES} bytes`);
}

async function readBody(stream: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const parts: Uint8Array[] = [];
  let size = 0;
  for await (const part of stream) {
    size += part.length;
    if (size > MOST_BYTES) throw tooLarge();
    parts.push(part);
  }
  return Buffer.concat(parts, size);
}

/** Headers that say who is asking: they stay with a host and those below it. */
const PERSONAL = ['Authorization', 'Www-Authenticate', 'Cookie', 'Cookie2'];

/** 307 and 308 repeat the request; all others ask for the new place (RFC 9110 section 15.4). Throws `NoAnswer`. */
function nextHop(request: HttpRequest, hop: Hop, location: string, status: number): Hop {
  const url = locationOf(request, hop, location);
  const repeats = status === 307 || status === 308;
  const keepsMethod = repeats || hop.method === 'GET' || hop.method === 'HEAD';
  const from = hostNameOf(hop.url).toLowerCase();
  const to = hostNameOf(url).toLowerCase();
  const staysHome = to === from || to.endsWith(`.${from}`);
  const headers = new Map(hop.headers);
  if (!staysHome) for (const name of PERSONAL) headers.delete(name);
  if (!keepsMethod) headers.delete('Content-Type');
  if (!(hop.url.scheme === 'https' && url.scheme === 'http')) {
    headers.set('Referer', urlText({ ...hop.url, user: undefined }));
  }
  return {
    method: keepsMethod ? hop.method : 'GET',
    url,
    shown: location,
    headers,
    body: repeats ? hop.body : undefined,
  };
}

function locationOf(request: HttpRequest, hop: Hop, location: string): GoUrl {
  try {
    const url = resolveUrl(hop.url, location);
    const problem = problemOf(url);
    if (problem !== undefined) throw new NoAnswer(request.failure(location, problem));
    return url;
  } catch (thrown) {
    if (!(thrown instanceof UrlError)) throw thrown;
    throw new NoAnswer(request.failure(hop.shown, `failed to parse Location header "${location}": ${thrown.message}`));
  }
}
