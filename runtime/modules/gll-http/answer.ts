/** The answer to a request, as a handler writes it: status and headers first, then the body, then the end. */
import { type IncomingMessage, type ServerResponse, STATUS_CODES } from 'node:http';
import { chargeMemory, raise, toBuffer } from '../../host/index.ts';
import { isHttpToken } from '../../services/index.ts';
import { isHeaderValue } from '../go/headers.ts';
import { quote } from '../go/quote.ts';
import { parseUrl, resolveUrl, UrlError, urlText } from '../go/url.ts';
import { sniffContentType } from './content-type.ts';
import { escapeHtml } from './html.ts';
import { canonicalName } from './request.ts';

/** A handler that forgets to finish must not keep its client for ever. */
const LONGEST_MS = 60_000;
/** Longer bodies are sent while they are written. */
const MOST_HELD_BYTES = 64 * 1024;

export class Answer {
  private readonly request: IncomingMessage;
  private readonly response: ServerResponse;
  private readonly limit: NodeJS.Timeout;
  private headers = new Map<string, string>();
  private status: number | undefined;
  private held: Buffer[] = [];
  private heldBytes = 0;

  constructor(request: IncomingMessage, response: ServerResponse) {
    this.request = request;
    this.response = response;
    response.on('error', () => undefined);
    this.limit = setTimeout(() => this.done(), LONGEST_MS);
    this.limit.unref();
  }

  /** From here on headers cannot be set any more; of several statuses the first counts. */
  code(status: number): void {
    if (!(status >= 100 && status <= 999)) raise(`invalid WriteHeader code ${status}`);
    // Those below 200 only announce the real one.
    if (status >= 200) this.status ??= status;
  }

  header(name: string, value: string): void {
    if (!isHttpToken(name)) raise(`net/http: invalid header field name ${quote(name)}`);
    if (!isHeaderValue(value)) raise(`net/http: invalid header field value for ${quote(name)}`);
    if (this.status === undefined) this.headers.set(canonicalName(name), value);
  }

  /** Why nothing can be written; undefined when it was. */
  write(bytes: string): string | undefined {
    this.code(200);
    if (this.status === 204 || this.status === 304) {
      return 'http: request method or response status code does not allow body';
    }
    if (this.response.writableEnded) return undefined;
    chargeMemory(bytes.length);
    this.held.push(toBuffer(bytes));
    this.heldBytes += bytes.length;
    if (this.heldBytes > MOST_HELD_BYTES) this.flush();
    return undefined;
  }

  /** A relative target is one of the request's path. */
  redirect(target: string, status: number): void {
    const location = this.locationOf(target);
    const isPage = !this.headers.has('Content-Type') && /^(GET|HEAD)$/.test(this.request.method ?? '');
    this.header('Location', location);
    if (isPage) this.header('Content-Type', 'text/html; charset=utf-8');
    this.code(status);
    if (isPage && this.request.method === 'GET') {
      this.write(`<a href="${escapeHtml(location)}">${STATUS_CODES[status] ?? ''}</a>.\n\n`);
    }
  }

  done(): void {
    clearTimeout(this.limit);
    if (this.response.writableEnded) return;
    const { held } = this;
    this.sendHead(Buffer.concat(held));
    this.held = [];
    this.response.end(Buffer.concat(held));
  }

  private flush(): void {
    const body = Buffer.concat(this.held);
    this.sendHead(body);
    this.held = [];
    this.heldBytes = 0;
    this.response.write(body);
  }

  private sendHead(body: Buffer): void {
    if (this.response.headersSent) return;
    this.response.statusCode = this.status ?? 200;
    if (body.length > 0 && !this.headers.has('Content-Type')) {
      this.headers.set('Content-Type', sniffContentType(body.toString('latin1', 0, 512)));
    }
    for (const [name, value] of this.headers) this.response.setHeader(name, value);
  }

  private locationOf(target: string): string {
    try {
      const { scheme } = parseUrl(target);
      if (scheme !== '' || target.startsWith('//')) return target;
      return urlText(resolveUrl(parseUrl(this.request.url ?? '/'), target));
    } catch (thrown) {
      if (thrown instanceof UrlError) return target.replace(/[\r\n]/g, '');
      throw thrown;
    }
  }
}
