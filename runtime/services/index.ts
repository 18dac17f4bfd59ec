/** Everything that outlives a request: opened once, or once for all generations with the same settings; closed in order. */
import type { Config } from '../config/index.ts';
import type { BackendServers } from './backend-servers.ts';
import type { ChannelService } from './channels/index.ts';
import type { Clock } from './clock.ts';
import type { ConnectionCounts } from './connections/index.ts';
import type { DnsService } from './dns/index.ts';
import type { GeoIp } from './geoip.ts';
import type { HttpClient } from './http-client/index.ts';
import type { LdapService } from './ldap/index.ts';
import type { Listeners } from './listeners.ts';
import type { Log, LogSink } from './log.ts';
import type { MailService } from './mail/index.ts';
import type { Metrics } from './metrics.ts';
import type { PasswordService } from './passwords/index.ts';
import type { RedisService, ScriptEvaluator } from './redis/index.ts';
import type { ScriptCache } from './script-cache.ts';
import type { SiblingMetrics } from './sibling-metrics.ts';
import type { SoftWhitelist } from './soft-whitelist.ts';
import type { SqlService } from './sql/index.ts';
import type { ScriptThreads } from './threads.ts';

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
export { fingerprint } from './fingerprint.ts';
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
export { openServices, UnusableServices } from './open.ts';
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
export { limitTime } from './time-limit.ts';
export { MetricError, type Vector, type VectorKind } from './vectors.ts';
export { readSmallFile, readWholeFile } from './whole-file.ts';

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
  /**
   * Opens what another configuration needs, and looks whether it can be reached; what has the same settings stays the same
   * object. Nothing changes yet. Rejects with UnusableServices. One at a time; what comes out is to be taken over.
   */
  renew(config: Config): Promise<Renewal>;
  /** Closes connections and workers of all configurations so far, writes the last log lines. Never rejects. */
  close(): Promise<void>;
}

/** The services of the next configuration. */
export interface Renewal {
  readonly services: Services;
  /** Sections for which something was opened or given up, e.g. `server.redis`. */
  readonly renewed: readonly string[];
  /**
   * The next configuration is the current one now: log, metrics and script cache follow it. Gives what closes the services
   * that were replaced; call that when nobody uses them any more.
   */
  takeOver(): () => Promise<void>;
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
