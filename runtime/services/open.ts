/**
 * Opens the services. Some belong to the process; those that follow a section of the configuration are opened anew when it
 * changes, and live on when it does not.
 */
import { type Config, redisMode } from '../config/index.ts';
import { monitorBackendServers } from './backend-servers.ts';
import { createChannels } from './channels/index.ts';
import { systemClock } from './clock.ts';
import { createConnectionCounts } from './connections/index.ts';
import { createDns, type DnsService } from './dns/index.ts';
import { fingerprint } from './fingerprint.ts';
import { type GeoIp, openGeoIp } from './geoip.ts';
import { createHttpClient, type HttpClient } from './http-client/index.ts';
import type { OpenedServices, Renewal, ServiceBase, Services } from './index.ts';
import { createLdap, type LdapService } from './ldap/index.ts';
import { createListeners } from './listeners.ts';
import { createLog, type LogOptions } from './log.ts';
import { createMail } from './mail/index.ts';
import { createMetrics } from './metrics.ts';
import { createPasswords } from './passwords/index.ts';
import { createRegistered, openRedis, type RedisService } from './redis/index.ts';
import { createScriptCache, type ScriptCacheLimits } from './script-cache.ts';
import { createSoftWhitelist } from './soft-whitelist.ts';
import { createSql } from './sql/index.ts';
import { createThreads } from './threads.ts';

/** A configuration asks for services that cannot be reached. */
export class UnusableServices extends Error {
  /** One sentence per section, without secrets. */
  readonly problems: readonly string[];

  constructor(problems: readonly string[]) {
    super(problems.join('; '));
    this.problems = problems;
  }
}

/**
 * Opens all services of one configuration. Does not wait for Redis: a server that is down shows in the commands, which
 * then fail quickly.
 */
export async function openServices(config: Config, base: ServiceBase = {}): Promise<OpenedServices> {
  const lasting = openLasting(config, base);
  const parts = await openParts(config, lasting, undefined);
  return new Fleet(lasting, parts).opened(config);
}

type Lasting = ReturnType<typeof openLasting>;

/** What belongs to the process. Connections ask the resolver that is the current one. */
function openLasting(config: Config, base: ServiceBase) {
  const clock = base.clock ?? systemClock;
  const log = createLog(logOptions(config), { clock, sink: base.sink });
  const metrics = createMetrics(config.server, { clock, version: base.version ?? '', siblings: base.siblings });
  let resolver: DnsService | undefined;
  const dns = { addresses: async (host: string) => (await resolver?.addresses(host)) ?? [] };
  return {
    clock,
    log,
    metrics,
    evaluate: base.evaluate,
    registered: createRegistered({ log, metrics }),
    passwords: createPasswords({ log }),
    connections: createConnectionCounts({ log, metrics, clock, dns }),
    backendServers: monitorBackendServers({ log, metrics, clock }),
    cache: createScriptCache(cacheLimits(config), clock),
    mail: createMail({ clock }),
    sql: createSql({ clock }),
    listeners: createListeners(),
    channels: base.channels ?? createChannels(),
    threads: createThreads({ log }),
    resolveWith: (current: DnsService): void => {
      resolver = current;
    },
  };
}

function logOptions({ server }: Config): LogOptions {
  return { ...server.log, instance: server.instance_name };
}

function cacheLimits({ lua }: Config): ScriptCacheLimits {
  return { maxEntries: lua.cache.max_entries, maxBytes: lua.cache.max_bytes };
}

/** A service and what it was made of. */
interface Part<Service> {
  readonly section: string;
  readonly service: Service;
  readonly settings: string;
  /** Is it there? Rejects when not. */
  readonly reach?: () => Promise<unknown>;
  /** Lets commands that are under way come to their end. */
  readonly idle?: () => Promise<void>;
  readonly close: () => Promise<void> | void;
}

interface Parts {
  readonly redis: Part<RedisService>;
  readonly dns: Part<DnsService>;
  readonly http: Part<HttpClient>;
  readonly geoip: Part<GeoIp>;
  readonly ldap: Part<LdapService | undefined>;
}

async function openParts(config: Config, lasting: Lasting, before: Parts | undefined): Promise<Parts> {
  return {
    redis: redisPart(config, lasting, before?.redis),
    dns: dnsPart(config, lasting, before?.dns),
    http: httpPart(config, before?.http),
    ldap: ldapPart(config, lasting, before?.ldap),
    geoip: await geoipPart(config, lasting, before?.geoip),
  };
}

function redisPart({ server }: Config, lasting: Lasting, before: Part<RedisService> | undefined): Part<RedisService> {
  const { database_number, tls, master, replica, sentinels, cluster } = server.redis;
  const files = tls.enabled ? [tls.ca, tls.cert, tls.key] : [];
  const mode = redisMode(server.redis);
  const wanted = mode === 'embedded' ? mode : { mode, database_number, tls, master, replica, sentinels, cluster };
  const settings = fingerprint(wanted, files);
  if (before?.settings === settings) return before;
  const service = openRedis(server.redis, lasting);
  return {
    section: 'server.redis',
    service,
    settings,
    reach: async () => (service.isShared ? service.defaultHandle.write('PING') : undefined),
    idle: () => service.idle(),
    close: () => service.close(),
  };
}

function dnsPart({ server }: Config, { clock }: Lasting, before: Part<DnsService> | undefined): Part<DnsService> {
  const { resolver, timeout } = server.dns;
  const settings = fingerprint({ resolver, timeout });
  if (before?.settings === settings) return before;
  const service = createDns(server.dns, clock);
  return { section: 'server.dns', service, settings, close: () => service.close() };
}

function httpPart({ server }: Config, before: Part<HttpClient> | undefined): Part<HttpClient> {
  const settings = fingerprint([server.http_client, server.tls.http_client_skip_verify]);
  if (before?.settings === settings) return before;
  const service = createHttpClient(server);
  return { section: 'server.http_client', service, settings, close: () => service.close() };
}

function ldapPart(
  { server, ldap }: Config,
  lasting: Lasting,
  before: Part<LdapService | undefined> | undefined,
): Part<LdapService | undefined> {
  const section = 'ldap.config';
  const wanted = server.backends.includes('ldap') ? ldap?.config : undefined;
  const files = wanted === undefined ? [] : [wanted.tls_ca_cert, wanted.tls_client_cert, wanted.tls_client_key];
  const settings = fingerprint(wanted, files);
  if (before?.settings === settings) return before;
  if (wanted === undefined) return { section, service: undefined, settings, close: () => undefined };
  const service = createLdap(wanted, lasting);
  return { section, service, settings, reach: () => service.reach(), close: () => service.close() };
}

async function geoipPart({ server }: Config, lasting: Lasting, before: Part<GeoIp> | undefined): Promise<Part<GeoIp>> {
  const settings = fingerprint(server.geoip);
  if (before?.settings === settings) return before;
  const service = await openGeoIp(server.geoip, lasting);
  return { section: 'server.geoip', service, settings, close: () => service.close() };
}

/** The current services, and those of former configurations that somebody still uses. */
class Fleet {
  readonly #lasting: Lasting;
  readonly #open: Set<Part<unknown>>;
  #parts: Parts;

  constructor(lasting: Lasting, parts: Parts) {
    this.#lasting = lasting;
    this.#parts = parts;
    this.#open = new Set(Object.values(parts));
    lasting.resolveWith(parts.dns.service);
  }

  opened(config: Config): OpenedServices {
    return {
      ...this.#services(this.#parts, config),
      renew: (next) => this.#renew(next),
      close: () => this.#close(),
    };
  }

  #services(parts: Parts, { server }: Config): Services {
    const { resolveWith: _resolveWith, registered: _registered, evaluate: _evaluate, ...lasting } = this.#lasting;
    const { redis, dns, http, geoip, ldap } = parts;
    return {
      ...lasting,
      redis: redis.service,
      dns: dns.service,
      http: http.service,
      geoip: geoip.service,
      ldap: ldap.service,
      softWhitelist: createSoftWhitelist(redis.service, server.redis.prefix),
    };
  }

  async #renew(config: Config): Promise<Renewal> {
    const before = this.#parts;
    const parts = await openParts(config, this.#lasting, before);
    const fresh = without(parts, before);
    const problems = await unreachable(fresh);
    if (problems.length > 0) {
      await closeAll(fresh);
      throw new UnusableServices(problems);
    }
    return {
      services: this.#services(parts, config),
      renewed: fresh.map(({ section }) => section),
      takeOver: () => this.#takeOver(parts, config),
    };
  }

  #takeOver(parts: Parts, config: Config): () => Promise<void> {
    const replaced = without(this.#parts, parts);
    this.#parts = parts;
    for (const part of Object.values(parts)) this.#open.add(part);
    const { log, metrics, cache, resolveWith } = this.#lasting;
    log.adjust(logOptions(config));
    metrics.adjust(config.server);
    cache.limit(cacheLimits(config));
    resolveWith(parts.dns.service);
    return async () => {
      await Promise.allSettled(replaced.map(({ idle }) => idle?.()));
      for (const part of replaced) this.#open.delete(part);
      await closeAll(replaced);
    };
  }

  async #close(): Promise<void> {
    const { listeners, connections, backendServers, registered, passwords, sql, threads, metrics, log } = this.#lasting;
    listeners.close();
    connections.close();
    backendServers.close();
    await Promise.allSettled([
      closeAll([...this.#open]),
      registered.close(),
      passwords.close(),
      sql.close(),
      threads.close(),
    ]);
    metrics.close();
    await log.close();
  }
}

/** Those of the first that the second has not. */
function without(parts: Parts, others: Parts): readonly Part<unknown>[] {
  const kept = new Set<Part<unknown>>(Object.values(others));
  return Object.values(parts).filter((part) => !kept.has(part));
}

async function closeAll(parts: readonly Part<unknown>[]): Promise<void> {
  await Promise.allSettled(parts.map(async ({ close }) => close()));
}

async function unreachable(parts: readonly Part<unknown>[]): Promise<readonly string[]> {
  const tried = await Promise.allSettled(parts.map(async ({ reach }) => reach?.()));
  return tried.flatMap((each, at) =>
    each.status === 'fulfilled' ? [] : [`${parts[at]?.section} cannot be used: ${messageOf(each.reason)}`],
  );
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
