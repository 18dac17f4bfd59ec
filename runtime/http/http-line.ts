/**
 * The line of an HTTP request, after its answer. A login has its own final line, which says more: then this one is for
 * debugging. At level error when the request could not be understood.
 */
import type { TLSSocket } from 'node:tls';
import { toUtf8String } from '../login/text.ts';
import { readTrace } from '../login/trace-context.ts';
import { formatDuration, type LogFields } from '../services/index.ts';
import { peerAddress } from './client-identity.ts';
import type { HttpAnswer, HttpRequest } from './endpoint.ts';
import type { Exchange } from './exchange.ts';

export function logRequest(exchange: Exchange, answer: HttpAnswer): void {
  const { log } = exchange.generation.services;
  if (answer.problem !== undefined) {
    log.error(lineOf(exchange, answer));
  } else if (!exchange.hasFinalLine) {
    if (log.isEnabled('info')) log.info(lineOf(exchange, answer));
  } else if (log.isEnabled('debug', 'auth')) {
    log.debug('auth', lineOf(exchange, answer));
  }
}

function lineOf({ generation, request, raw, startedAt, session }: Exchange, answer: HttpAnswer): LogFields {
  const { clock } = generation.services;
  return {
    session,
    client_ip: peerAddress(request, generation.config),
    http_method: request.method,
    protocol: `HTTP/${raw.httpVersion}`,
    http_status: answer.status,
    latency: formatDuration(clock.monotonic() - startedAt),
    user_agent: toUtf8String(request.headers['user-agent'] ?? '') || 'N/A',
    ...tlsFields(raw.socket),
    ...traceFields(request),
    uri_path: request.path,
    msg: answer.problem ?? 'HTTP request',
  };
}

function traceFields({ headers }: HttpRequest): LogFields {
  const trace = readTrace(headers);
  return trace === undefined ? {} : { traceparent: trace.traceparent };
}

function tlsFields(socket: object): { tls_protocol: string; tls_cipher: string } {
  if (!isTls(socket)) return { tls_protocol: 'N/A', tls_cipher: 'N/A' };
  return { tls_protocol: socket.getProtocol() ?? 'N/A', tls_cipher: socket.getCipher().name };
}

function isTls(socket: object): socket is TLSSocket {
  return 'encrypted' in socket;
}
