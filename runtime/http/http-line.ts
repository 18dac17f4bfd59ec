/** The line of an HTTP request, after its answer; at level error when the request could not be understood. */
import type { TLSSocket } from 'node:tls';
import { toUtf8String } from '../login/text.ts';
import { formatDuration } from '../services/index.ts';
import { peerAddress } from './client-identity.ts';
import type { HttpAnswer } from './endpoint.ts';
import type { Exchange } from './exchange.ts';

export function logRequest(exchange: Exchange, answer: HttpAnswer): void {
  const { generation, request, raw, startedAt } = exchange;
  const { log, clock } = generation.services;
  const level = answer.problem === undefined ? 'info' : 'error';
  if (!log.isEnabled(level)) return;
  log[level]({
    session: exchange.session,
    client_ip: peerAddress(request, generation.config),
    http_method: request.method,
    protocol: `HTTP/${raw.httpVersion}`,
    http_status: answer.status,
    latency: formatDuration(clock.monotonic() - startedAt),
    user_agent: toUtf8String(request.headers['user-agent'] ?? '') || 'N/A',
    ...tlsFields(raw.socket),
    uri_path: request.path,
    msg: answer.problem ?? 'HTTP request',
  });
}

function tlsFields(socket: object): { tls_protocol: string; tls_cipher: string } {
  if (!isTls(socket)) return { tls_protocol: 'N/A', tls_cipher: 'N/A' };
  return { tls_protocol: socket.getProtocol() ?? 'N/A', tls_cipher: socket.getCipher().name };
}

function isTls(socket: object): socket is TLSSocket {
  return 'encrypted' in socket;
}
