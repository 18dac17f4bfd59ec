/**
 * The only place that decides whose address a request has. A front end (Dovecot, nginx) names the client in its own
 * header; `X-Forwarded-For` counts only when it comes from a trusted proxy; otherwise the peer is the client.
 * Every address leaves here in one normal form.
 */
import type { IncomingHttpHeaders } from 'node:http';
import type { Config } from '../config/index.ts';
import type { Client } from '../login/login.ts';
import { isPrivateAddress, type NetworkList, networkListOf, normaliseAddress } from '../login/network.ts';
import type { HttpRequest } from './endpoint.ts';
import { headerFieldsOf } from './header-fields.ts';

export interface Identity {
  readonly client: Client;
  /** A trusted proxy says that the client came over TLS. */
  readonly forwardedTls: boolean;
  /** Set when a peer that is not trusted sent `X-Forwarded-For`. */
  readonly untrustedProxy: string | undefined;
}

/** Who is behind a request of the endpoints that read headers. */
export function identifyClient(request: HttpRequest, config: Config): Identity {
  const fields = headerFieldsOf(config);
  const { headers } = request;
  const hostname = fields.read(headers, 'client_host');
  const id = fields.read(headers, 'client_id');
  const named = fields.read(headers, 'client_ip');
  if (named !== '') {
    const port = fields.read(headers, 'client_port');
    return identity({ ip: normaliseAddress(named), port, hostname, id }, false);
  }
  const peer: Client = { ip: request.peerIp, port: request.peerPort, hostname, id };
  return identifyForwarded(headers, peer, config);
}

/** The peer's address for the HTTP log line, looking through trusted proxies. */
export function peerAddress(request: HttpRequest, config: Config): string {
  const { headers } = request;
  if (headers['x-forwarded-for'] === undefined && headers['x-real-ip'] === undefined) return request.peerIp;
  const proxies = trustedProxies(config);
  if (!proxies.contains(request.peerIp)) return request.peerIp;
  return forwardedClient(headers, proxies) || normaliseAddress(String(headers['x-real-ip'] ?? '')) || request.peerIp;
}

function identifyForwarded(headers: IncomingHttpHeaders, peer: Client, config: Config): Identity {
  if (headers['x-forwarded-for'] === undefined) return identity(peer, false);
  const proxies = trustedProxies(config);
  if (!proxies.contains(peer.ip)) return identity(peer, false, peer.ip);
  const forwarded = forwardedClient(headers, proxies);
  if (forwarded === '') return identity(peer, false);
  return identity({ ...peer, ip: forwarded, port: 'N/A' }, headers['x-forwarded-proto'] === 'https');
}

/**
 * Each proxy appends the address it was called from, so the list is read from its end: the first address that is no trusted
 * proxy is the client, whatever a client has written before it. Private addresses are taken for proxies behind the
 * trusted ones as long as a public address stands before them.
 */
function forwardedClient(headers: IncomingHttpHeaders, proxies: NetworkList): string {
  const value = headers['x-forwarded-for'];
  if (typeof value !== 'string') return '';
  const hops = value.split(',').map((hop) => normaliseAddress(hop.trim()));
  const foreign = hops.filter((hop) => !proxies.contains(hop));
  return foreign.findLast((hop) => !isPrivateAddress(hop)) ?? foreign.at(-1) ?? hops[0] ?? '';
}

function identity(client: Client, forwardedTls: boolean, untrustedProxy?: string): Identity {
  return { client, forwardedTls, untrustedProxy };
}

function trustedProxies(config: Config): NetworkList {
  return networkListOf(config.environment.trusted_proxies);
}
