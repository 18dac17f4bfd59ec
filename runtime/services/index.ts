/** Everything that outlives a request: opened once, used by all logins of all generations, closed in order. */
import type { Config } from '../config/index.ts';
import { type BackendServers, monitorBackendServers } from './backend-servers.ts';
import { type ChannelService, createChannels } from './channels/index.ts';
import { type Clock, systemClock } from './clock.ts';
import { type ConnectionCounts, createConnectionCounts } from './connections/index.ts';
import { createDns, type DnsService } from './dns/index.ts';
import { type GeoIp, openGeoIp } from './geoip.ts';
import { createHttpClient, type HttpClient } from './http-client/index.ts';
import { createLdap, type LdapService } from './ldap/index.ts';
import { createListeners, type Listeners } from './listeners.ts';
import { createLog, type Log, type LogSink } from './log.ts';
import { createMail, type MailService } from './mail/index.ts';
import { createMetrics, type Metrics } from './metrics.ts';
import { createPasswords, type PasswordService } from './passwords/index.ts';
import { openRedis, type RedisService, type ScriptEvaluator } from './redis/index.ts';
import { createScriptCache, type ScriptCache } from './script-cache.ts';
import type { SiblingMetrics } from './sibling-metrics.ts';
import { createSoftWhitelist, type SoftWhitelist } from './soft-whitelist.ts';
import { createSql, type SqlService } from './sql/index.ts';
import { createThreads, type ScriptThreads } from './threads.ts';

/** Part of `PoolOptions`. */
export { isHttpToken, Secret } from '../config/index.ts';
export type { BackendServer } from './backend-servers.ts';
export {
  Channel,
  type ChannelCase,
  ChannelError,
  connectChannels,
  type Parcel,
  ParcelCode,
  ParcelTable,
} from './channels/index.ts';
export type { Clock } from './clock.ts';
export { systemClock } from './clock.ts';
export { DnsError, type DnsRecord, RECORD_TYPES } from './dns/index.ts';
export { formatDuration } from './duration.ts';
export { GeoIpError } from './geoip.ts';
export { HttpClientError, type OutboundRequest, type OutboundResponse } from './http-client/index.ts';
export {
  escapeDnValue,
  escapeFilterValue,
  type LdapChange,
  type LdapEntry,
  LdapError,
  type LdapSearch,
  valuesByName,
} from './ldap/index.ts';
export type { Listener } from './listeners.ts';
export type { Log, LogFields, LogPairs, LogSink } from './log.ts';
export { createLog, LogData } from './log.ts';
export { type Mail, MailError } from './mail/index.ts';
export { createMetrics } from './metrics.ts';
export { certificateText } from './network-text.ts';
export type { PasswordOutcome } from './passwords/index.ts';
export type { PoolOptions, RedisHandle, RedisReply, ScriptEvaluator } from './redis/index.ts';
export { RedisError, serverScript } from './redis/index.ts';
export { ScriptCacheError } from './script-cache.ts';
export { askPrimary, MetricsRelay, type SiblingMetrics } from './sibling-metrics.ts';
export { SOFT_WHITELIST_FEATURES, SoftWhitelistError, type SoftWhitelistFeature } from './soft-whitelist.ts';
export {
  type SqlDatabase,
  SqlError,
  type SqlOptions,
  type SqlParameter,
  type SqlResult,
  type SqlStatement,
  type SqlValue,
  type WhenAbandoned,
} from './sql/index.ts';
export { type ScriptThread, type ThreadEnd, TooManyThreads } from './threads.ts';
export { MetricError, type Vector, type VectorKind } from './vectors.ts';

export interface Services {
  readonly log: Log;
  readonly metrics: Metrics;
  readonly clock: Clock;
  readonly redis: RedisService;
  readonly passwords: PasswordService;
  readonly dns: DnsService;
  readonly connections: ConnectionCounts;
  /** Mail servers that filters choose from. */
  readonly backendServers: BackendServers;
  readonly softWhitelist: SoftWhitelist;
  readonly geoip: GeoIp;
  /** Values of scripts that outlive a login. */
  readonly cache: ScriptCache;
  readonly mail: MailService;
  /** Databases of scripts. */
  readonly sql: SqlService;
  /** Outbound requests of scripts. */
  readonly http: HttpClient;
  /** Servers of scripts. */
  readonly listeners: Listeners;
  /** How scripts in different threads talk to each other. */
  readonly channels: ChannelService;
  /** Threads of scripts. */
  readonly threads: ScriptThreads;
  /** Undefined without the backend `ldap`. */
  readonly ldap: LdapService | undefined;
}

export interface OpenedServices extends Services {
  /** Closes connections and workers, writes the last log lines. Never rejects. */
  close(): Promise<void>;
}

/** What tests and the server may hand in instead of the real thing. */
export interface ServiceBase {
  readonly version?: string;
  readonly clock?: Clock;
  /** Runs Lua for EVAL when there is no Redis server; without it EVAL is an error then. */
  readonly evaluate?: ScriptEvaluator;
  /** Where log lines go; standard output without it. */
  readonly sink?: LogSink;
  /** Other workers of the same instance; `/metrics` shows them all. */
  readonly siblings?: SiblingMetrics;
  /** In a thread of a script: the channels of the thread that started it. */
  readonly channels?: ChannelService;
}

/**
 * Opens all services of one configuration. Does not wait for Redis: a server that is down shows in the commands, which
 * then fail quickly.
 */
export async function openServices(config: Config, base: ServiceBase = {}): Promise<OpenedServices> {
  const clock = base.clock ?? systemClock;
  const log = createLog({ ...config.server.log, instance: config.server.instance_name }, { clock, sink: base.sink });
  const metrics = createMetrics(config.server, { clock, version: base.version ?? '', siblings: base.siblings });
  const redis = openRedis(config.server.redis, { log, metrics, clock, evaluate: base.evaluate });
  const passwords = createPasswords({ log });
  const dns = createDns(config.server.dns, clock);
  const connections = createConnectionCounts({ log, metrics, clock, dns });
  const backendServers = monitorBackendServers({ log, metrics, clock });
  const ldap = openLdap(config, { clock, metrics });
  const http = createHttpClient(config.server);
  const sql = createSql({ clock });
  const geoip = await openGeoIp(config.server.geoip, { clock, log });
  const listeners = createListeners();
  const threads = createThreads({ log });
  return {
    log,
    metrics,
    clock,
    redis,
    passwords,
    dns,
    connections,
    backendServers,
    geoip,
    cache: createScriptCache({ maxEntries: config.lua.cache.max_entries, maxBytes: config.lua.cache.max_bytes }, clock),
    softWhitelist: createSoftWhitelist(redis, config.server.redis.prefix),
    mail: createMail({ clock }),
    http,
    sql,
    listeners,
    channels: base.channels ?? createChannels(),
    threads,
    ldap,
    close: async () => {
      ldap?.close();
      listeners.close();
      connections.close();
      backendServers.close();
      geoip.close();
      dns.close();
      await Promise.allSettled([redis.close(), passwords.close(), http.close(), sql.close(), threads.close()]);
      metrics.close();
      await log.close();
    },
  };
}

function openLdap({ server, ldap }: Config, base: { clock: Clock; metrics: Metrics }): LdapService | undefined {
  const settings = server.backends.includes('ldap') ? ldap?.config : undefined;
  return settings === undefined ? undefined : createLdap(settings, base);
}
