/** Requests as scripts prepare them; they can be sent any number of times. */
import { toBuffer } from '../../host/index.ts';
import { quote } from '../go/quote.ts';
import { type GoUrl, parseUrl, UrlError } from '../go/url.ts';

/** `content-TYPE` becomes `Content-Type`; what is no name of a header stays as it is. */
export function canonicalName(name: string): string {
  if (!isHeaderName(name)) return name;
  return name.toLowerCase().replace(/(^|-)([a-z])/g, (_, dash: string, letter: string) => dash + letter.toUpperCase());
}

/** A token, as names of headers and methods are (RFC 9110 section 5.6.2). */
export function isHeaderName(text: string): boolean {
  return /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/.test(text);
}

/** Without line breaks, which would begin another header (RFC 9110 section 5.5). */
export function isHeaderValue(text: string): boolean {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is refused
  return !/[\0-\x08\x0a-\x1f\x7f]/.test(text);
}

export function basicCredentials(user: string, password: string): string {
  return `Basic ${toBuffer(`${user}:${password}`).toString('base64')}`;
}

export class HttpRequest {
  readonly method: string;
  readonly url: GoUrl;
  /** By canonical name. */
  readonly headers = new Map<string, string>();
  readonly body: Buffer | undefined;

  /** Throws `UrlError` for what cannot be a request. */
  constructor(method: string, url: string, body?: Buffer) {
    if (method !== '' && !isHeaderName(method)) throw new UrlError(`net/http: invalid method ${quote(method)}`);
    this.method = method === '' ? 'GET' : method;
    this.url = parseUrl(url);
    this.body = body;
  }

  set(name: string, value: string): void {
    this.headers.set(canonicalName(name), value);
  }

  /** Why it cannot be sent. */
  problem(): string | undefined {
    for (const [name, value] of this.headers) {
      if (!isHeaderName(name)) return `net/http: invalid header field name ${quote(name)}`;
      if (!isHeaderValue(value)) return `net/http: invalid header field value for ${quote(name)}`;
    }
    return undefined;
  }

  /** `Get "http://h/": reason`. */
  failure(url: string, reason: string): string {
    const verb = this.method[0] + this.method.slice(1).toLowerCase();
    return `${verb} ${quote(url)}: ${reason}`;
  }
}
