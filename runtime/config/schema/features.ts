/** The sections of the built-in features: block lists, clear-text networks, relay domains, monitoring (server.md 3.3). */
import * as z from 'zod';
import { flag, hostName, network, softWhitelist, text } from './values.ts';

const blockList = z.strictObject({
  name: text().min(1).describe('Name in logs and metrics.'),
  rbl: text().min(1).describe('Zone that is asked.'),
  ipv4: flag().describe('Ask for IPv4 clients.'),
  ipv6: flag().describe('Ask for IPv6 clients.'),
  return_code: z.array(text()).default([]).describe('Answers that mean "listed": one or several, e.g. 127.0.0.2.'),
  allow_failure: flag().describe('A failing query counts as "not listed" instead of a temporary failure.'),
  weight: z.int().default(0).describe('Points for a listing; may be negative.'),
});

export const blockListsSchema = z.strictObject({
  threshold: z.int().default(0).describe('Points from which a client is rejected; 0 switches the feature off.'),
  ip_whitelist: z.array(network()).default([]).describe('Clients that are never looked up.'),
  soft_whitelist: softWhitelist(),
  lists: z.array(blockList).default([]).describe('Block lists.'),
});

export const relayDomainsSchema = z.strictObject({
  static: z.array(text()).default([]).describe('Domains that belong to us; users of other domains are rejected.'),
  soft_whitelist: softWhitelist(),
});

const backendServer = z.strictObject({
  protocol: text().min(1).describe('imap, pop3, lmtp, smtp, sieve …'),
  ip: hostName().describe('Address or name of the server; also as `host`.'),
  port: z.int().min(1).max(65535).describe('Port of the server.'),
  tls: flag().describe('Connect with TLS.'),
  haproxy_v2: flag().describe('Send a PROXY protocol header first.'),
  deep_check: flag().describe('An addition: alive only if it greets as its protocol demands.'),
});

export type MonitoringConfig = z.output<typeof monitoringSchema>;

export const monitoringSchema = z.strictObject({
  backend_servers: z.array(backendServer).default([]).describe('Servers that are probed and handed to filters.'),
});
