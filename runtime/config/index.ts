/** The public face of the configuration: reading it, its types, its scripts, and printing it without secrets. */
export { editorSchema } from './editor-schema.ts';
export { hideValues } from './hide-values.ts';
export { isHttpToken } from './http-token.ts';
export { expandMacros, type LdapMacro, unknownMacros } from './ldap-macros.ts';
export { loadConfig, parseConfig } from './load.ts';
export { redactConfig } from './redact.ts';
export type { BucketConfig } from './schema/brute-force.ts';
export type { MonitoringConfig } from './schema/features.ts';
export type { HeaderField } from './schema/headers.ts';
export { HEADER_FIELDS, headerNames } from './schema/headers.ts';
export type { Config } from './schema/index.ts';
export type { RedisConfig } from './schema/redis.ts';
export { redisMode } from './schema/redis.ts';
export type { BackendName, DebugModule, LogLevel, ServerConfig, TimerLabel } from './schema/server.ts';
export { parseHostPort } from './schema/values.ts';
export { scriptCandidates, scriptSet } from './scripts.ts';
export { Secret } from './secret.ts';
