/** The public face of the configuration: reading it, its types, its scripts, and printing it without secrets. */
export type { LoadedConfig, LoadOptions } from './load.ts';
export { findConfigFile, loadConfig, parseConfig } from './load.ts';
export { redactConfig } from './redact.ts';
export type { BruteForceConfig, BucketConfig } from './schema/brute-force.ts';
export type { EnvironmentConfig } from './schema/environment.ts';
export type { BackendServerConfig, BlockListsConfig, MonitoringConfig, RelayDomainsConfig } from './schema/features.ts';
export type { HeaderField, HeaderNames, HeadersConfig } from './schema/headers.ts';
export { HEADER_FIELDS, headerNames } from './schema/headers.ts';
export type { Config } from './schema/index.ts';
export type { LdapConfig, LdapScope, LdapSearchConfig } from './schema/ldap.ts';
export type { LuaConfig, LuaSearchConfig } from './schema/lua.ts';
export type { RedisConfig, RedisMode, RedisTlsConfig } from './schema/redis.ts';
export { redisMode } from './schema/redis.ts';
export type { BackendName, DebugModule, FeatureName, LogLevel, ServerConfig, TimerLabel } from './schema/server.ts';
export { parseHostPort } from './schema/values.ts';
export { scriptCandidates, scriptSet } from './scripts.ts';
export { Secret } from './secret.ts';
