/** Names and addresses: the configured name server (`server.dns`), or what the system uses. */
import { promises as dns } from 'node:dns';
import { isIP } from 'node:net';
import type { ServerConfig } from '../../config/index.ts';
import type { Clock } from '../clock.ts';
import { type AddressRecord, Listings } from './listings.ts';

export interface DnsService {
  /** The addresses of a host; an address is its own. Rejects with DnsError. */
  addresses(host: string): Promise<readonly string[]>;
  /** All records of a type in the order of the answer; PTR takes an address too. Rejects with DnsError. */
  query(name: string, type: RecordType): Promise<readonly DnsRecord[]>;
  /** The addresses that a block list has under a name, kept as long as they live; empty: not listed. Rejects with DnsError. */
  listings(name: string): Promise<readonly string[]>;
  close(): void;
}

export const RECORD_TYPES = ['A', 'AAAA', 'CNAME', 'MX', 'NS', 'PTR', 'SRV', 'TXT'] as const;
export type RecordType = (typeof RECORD_TYPES)[number];

/** A text for most types; parts with names for MX (`host`, `pref`) and SRV (`target`, `port`, `priority`, `weight`). */
export type DnsRecord = string | Readonly<Record<string, string | number>>;

/** No answer, or a negative one; `code` is Node's (`ENOTFOUND`, `ETIMEOUT` …), the message fit for scripts. */
export class DnsError extends Error {
  readonly code: string;

  constructor(code: string, message: string) {
    super(message);
    this.code = code;
  }
}

/** The hosts file counts only without a configured name server: the system's resolver reads it, ours does not. */
export function createDns({ resolver: server, timeout }: ServerConfig['dns'], clock: Clock): DnsService {
  const resolver = new dns.Resolver({ timeout, tries: 1 });
  if (server !== '') resolver.setServers([server]);
  const bothKinds = async (host: string): Promise<readonly string[]> => {
    const found = await Promise.allSettled([resolver.resolve4(host), resolver.resolve6(host)]);
    const addresses = found.flatMap((each) => (each.status === 'fulfilled' ? each.value : []));
    const failed = found.find((each) => each.status === 'rejected');
    if (addresses.length === 0 && failed !== undefined) throw failed.reason;
    return addresses;
  };
  const lookup = async (host: string): Promise<readonly string[]> =>
    (await dns.lookup(host, { all: true, order: 'verbatim' } as const)).map(({ address }) => address);
  const listings = new Listings((name) => within(timeout, addressRecords(resolver, name)), clock);
  return {
    addresses: async (host) => {
      if (isIP(host) !== 0) return [host];
      try {
        return await within(timeout, server === '' ? lookup(host) : bothKinds(host));
      } catch (error) {
        throw dnsError(error, host);
      }
    },
    query: async (name, type) => {
      try {
        return await within(timeout, records(resolver, name, type));
      } catch (error) {
        throw dnsError(error, name);
      }
    },
    listings: async (name) => {
      try {
        return await listings.find(name);
      } catch (error) {
        throw dnsError(error, name);
      }
    },
    close: () => resolver.cancel(),
  };
}

async function records(resolver: dns.Resolver, name: string, type: RecordType): Promise<readonly DnsRecord[]> {
  switch (type) {
    case 'MX':
      return (await resolver.resolveMx(name)).map(({ exchange, priority }) => ({ host: exchange, pref: priority }));
    case 'SRV':
      return (await resolver.resolveSrv(name)).map(({ name: target, port, priority, weight }) => ({
        target,
        port,
        priority,
        weight,
      }));
    case 'TXT':
      // The parts of one text are limited in length and belong together (RFC 7208 section 3.3).
      return (await resolver.resolveTxt(name)).map((parts) => parts.join(''));
    case 'PTR':
      return isIP(name) === 0 ? resolver.resolvePtr(name) : resolver.reverse(name);
    case 'A':
      return resolver.resolve4(name);
    case 'AAAA':
      return resolver.resolve6(name);
    case 'CNAME':
      return resolver.resolveCname(name);
    case 'NS':
      return resolver.resolveNs(name);
  }
}

async function addressRecords(resolver: dns.Resolver, name: string): Promise<readonly AddressRecord[]> {
  try {
    return await resolver.resolve4(name, { ttl: true });
  } catch (error) {
    if (isNegative(error)) return [];
    throw error;
  }
}

/** There is no such name, or it has no record of the type. */
function isNegative(error: unknown): boolean {
  return error instanceof Error && 'code' in error && (error.code === 'ENOTFOUND' || error.code === 'ENODATA');
}

/** The system's resolver has limits of its own, and longer ones. */
async function within<T>(limitMs: number, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new DnsError('ETIMEOUT', 'i/o timeout')), limitMs);
  });
  try {
    return await Promise.race([work, limit]);
  } finally {
    clearTimeout(timer);
  }
}

const REASONS: Readonly<Record<string, string>> = {
  ENOTFOUND: 'no such host',
  ENODATA: 'no such host',
  EAI_AGAIN: 'server misbehaving',
  ESERVFAIL: 'server misbehaving',
  EREFUSED: 'server misbehaving',
  ECONNREFUSED: 'connection refused',
  ETIMEOUT: 'i/o timeout',
  ECANCELLED: 'operation was canceled',
};

function dnsError(error: unknown, host: string): DnsError {
  const code = error instanceof Error && 'code' in error ? String(error.code) : 'EUNKNOWN';
  if (code === 'ERR_INVALID_ARG_VALUE' || code === 'EBADNAME')
    return new DnsError('EBADNAME', `lookup ${host}: no such host`);
  return new DnsError(code, `lookup ${host}: ${REASONS[code] ?? code}`);
}
