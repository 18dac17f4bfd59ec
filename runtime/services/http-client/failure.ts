/** Why a request got no answer, in the words of Go's HTTP client, which scripts written for the reference may look for. */
import { certificateText, networkText } from '../network-text.ts';

/** No answer; the message is meant for scripts. */
export class HttpClientError extends Error {}

/** `Get "http://…": reason`; a password in the URL is hidden. */
export function failure(method: string, url: string, reason: string): HttpClientError {
  const verb = method === '' ? 'Get' : method[0]!.toUpperCase() + method.slice(1).toLowerCase();
  return new HttpClientError(`${verb} ${JSON.stringify(hidePassword(url))}: ${reason}`);
}

/** A URL as it may be shown. */
export function hidePassword(url: string): string {
  return url.replace(/^([a-z][a-z0-9+.-]*:\/\/[^/?#@:]*):[^/?#@]*@/i, '$1:***@');
}

const REASONS: Readonly<Record<string, string>> = {
  UND_ERR_SOCKET: 'EOF',
  ECONNRESET: 'EOF',
  UND_ERR_CONNECT_TIMEOUT: 'i/o timeout',
  UND_ERR_HEADERS_TIMEOUT: 'i/o timeout',
  UND_ERR_BODY_TIMEOUT: 'i/o timeout',
};

export function reasonOf(error: unknown, url: URL): string {
  if (!(error instanceof Error)) return String(error);
  if (error.name === 'TimeoutError' || error.name === 'AbortError') return 'context deadline exceeded';
  // Both addresses of a host failed: each is in the list.
  const cause = error instanceof AggregateError && error.errors[0] instanceof Error ? error.errors[0] : error;
  const code = 'code' in cause ? String(cause.code) : '';
  if (code === 'ENOTFOUND') return `dial tcp: lookup ${url.hostname}: no such host`;
  const port = url.port || (url.protocol === 'https:' ? '443' : '80');
  return REASONS[code] ?? certificateText(cause, url.hostname) ?? networkText(cause, `${url.hostname}:${port}`);
}
