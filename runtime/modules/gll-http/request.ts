/** Requests as scripts prepare them; they can be sent any number of times. */
import { isHttpToken } from '../../services/index.ts';
import { isHeaderValue } from '../go/headers.ts';
import { quote } from '../go/quote.ts';
import { type GoUrl, parseUrl, UrlError } from '../go/url.ts';

/** `content-TYPE` becomes `Content-Type`; what is no name of a header stays as it is. */
export function canonicalName(name: string): string {
  if (!isHttpToken(name)) return name;
  return name.toLowerCase().replace(/(^|-)([a-z])/g, (_, dash: string, letter: string) => dash + letter.toUpperCase());
}

export class HttpRequest {
  readonly method: string;
  readonly url: GoUrl;
  /** By canonical name. */
  readonly headers = new Map<string, string>();
  readonly body: Buffer | undefined;

  /** Throws `UrlError` for what cannot be a request. */
  constructor(method: string, url: string, body?: Buffer) {
    if (method !== '' && !isHttpToken(method)) throw new UrlError(`net/http: invalid method ${quote(method)}`);
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
      if (!isHttpToken(name)) return `net/http: invalid header field name ${quote(name)}`;
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
