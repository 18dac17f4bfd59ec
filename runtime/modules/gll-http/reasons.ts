/** Why there is no answer, in the words of Go's HTTP client. */
import { STATUS_CODES } from 'node:http';
import { certificateText } from '../../services/index.ts';
import { connectFailure } from '../go/dial.ts';
import { errorCode } from '../go/file-errors.ts';
import { type GoUrl, hostNameOf, portOf } from '../go/url.ts';

const REASONS: Readonly<Record<string, string>> = {
  UND_ERR_SOCKET: 'EOF',
  ECONNRESET: 'EOF',
  UND_ERR_CONNECT_TIMEOUT: 'i/o timeout',
  ERR_SSL_WRONG_VERSION_NUMBER: 'http: server gave HTTP response to HTTPS client',
  ERR_SSL_PACKET_LENGTH_TOO_LONG: 'http: server gave HTTP response to HTTPS client',
  UND_ERR_HEADERS_OVERFLOW: 'net/http: server response headers exceeded 16384 bytes; aborted',
  UND_ERR_RES_CONTENT_LENGTH_MISMATCH: 'unexpected EOF',
  Z_DATA_ERROR: 'gzip: invalid header',
  Z_BUF_ERROR: 'unexpected EOF',
};

const BROKEN = 'net/http: HTTP/1.x transport connection broken';

export function isTimeout(thrown: unknown): boolean {
  return thrown instanceof Error && (thrown.name === 'TimeoutError' || thrown.name === 'AbortError');
}

function portToDial(url: GoUrl): number {
  return Number(portOf(url) || (url.scheme === 'https' ? 443 : 80));
}

/** `proxy` is where the connection went to, if there was one. */
export function reasonOf(thrown: unknown, url: GoUrl, proxy: GoUrl | undefined): string {
  const refusal = thrown instanceof Error ? /^Proxy response \((\d+)\)/.exec(thrown.message) : null;
  if (refusal !== null) return STATUS_CODES[refusal[1] ?? ''] ?? 'Bad Gateway';
  if (isTimeout(thrown)) return 'context deadline exceeded (Client.Timeout exceeded while awaiting headers)';
  const code = errorCode(thrown) ?? '';
  const known = REASONS[code];
  if (known !== undefined) return known;
  const certificate = certificateText(thrown, hostNameOf(url));
  if (certificate !== undefined) return certificate;
  if (code.startsWith('ERR_SSL_')) return `remote error: tls: ${alertOf(code)}`;
  if (thrown instanceof Error && thrown.name === 'HTTPParserError') return `${BROKEN}: malformed HTTP response`;
  const dialled = proxy ?? url;
  const dialling = connectFailure(thrown, hostNameOf(dialled), portToDial(dialled));
  if (dialling === undefined) return BROKEN;
  return proxy === undefined ? dialling : `proxyconnect tcp: ${dialling}`;
}

/** `handshake failure` of `ERR_SSL_SSLV3_ALERT_HANDSHAKE_FAILURE`. */
function alertOf(code: string): string {
  return code
    .replace(/^ERR_SSL_/, '')
    .replace(/^(SSL|TLS)V\d+_/, '')
    .replace(/^ALERT_/, '')
    .toLowerCase()
    .replaceAll('_', ' ');
}
