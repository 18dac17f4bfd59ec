/** Reading URLs, with the complaints of Go's `net/url` about those that are none. */
import { failure, HttpClientError, hidePassword } from './failure.ts';

/** An absolute URL of a scheme that can be asked; throws HttpClientError. */
export function readUrl(method: string, text: string): URL {
  const shown = JSON.stringify(hidePassword(text));
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  if (/[\u0000-\u001f\u007f]/.test(text))
    throw new HttpClientError(`parse ${shown}: net/url: invalid control character in URL`);
  if (text.startsWith(':')) throw new HttpClientError(`parse ${shown}: missing protocol scheme`);
  const [, scheme = ''] = /^([a-z][a-z0-9+.-]*):/i.exec(text) ?? [];
  const [, port] = /^[a-z][a-z0-9+.-]*:\/\/[^/?#]*?(:[^/?#:@\]]*)(?:[/?#]|$)/i.exec(text) ?? [];
  if (port !== undefined && !/^:\d*$/.test(port)) {
    throw new HttpClientError(`parse ${shown}: invalid port ${JSON.stringify(port)} after host`);
  }
  if (!/^https?$/i.test(scheme)) {
    throw failure(method, text, `unsupported protocol scheme ${JSON.stringify(scheme.toLowerCase())}`);
  }
  if (!/^https?:\/\/[^/?#]/i.test(text)) throw failure(method, text, 'http: no Host in request URL');
  if (!URL.canParse(text)) throw new HttpClientError(`parse ${shown}: invalid URL`);
  return new URL(text);
}
