/** `server.redis`: where the shared state lives (server.md 3.2 and 7.1). */
import * as z from 'zod';
import { flag, hostPort, optionalHostPort, positiveOr, secret, size, text } from './values.ts';

const node = z.strictObject({
  address: optionalHostPort().describe(
    'host:port of the Redis server. Without any Redis address an in-process store is used: nothing is shared or kept.',
  ),
  username: text().default('').describe('User name for the data nodes (standalone, replica and behind sentinels).'),
  password: secret().describe('Password for the data nodes.'),
});

const replica = z.strictObject({
  address: optionalHostPort().describe('host:port of a replica; reads go there when it differs from the master.'),
});

const sentinels = z.strictObject({
  master: text().default('').describe('Name of the master set; sentinel mode needs it and addresses.'),
  addresses: z.array(hostPort()).default([]).describe('host:port of the sentinels.'),
  username: text().default('').describe('User name for the sentinels themselves.'),
  password: secret().describe('Password for the sentinels themselves.'),
});

const cluster = z.strictObject({
  addresses: z.array(hostPort()).default([]).describe('host:port of cluster nodes; not empty = cluster mode.'),
  username: text().default('').describe('User name for the cluster nodes.'),
  password: secret().describe('Password for the cluster nodes.'),
});

const tls = z.strictObject({
  enabled: flag().describe(
    'TLS to every Redis server and sentinel, verified with the authorities that Node brings along.',
  ),
  ca: text()
    .default('')
    .describe('A further authority (PEM file), an addition: servers with a certificate of it are trusted too.'),
  cert: text().default('').describe('Client certificate (PEM file).'),
  key: text().default('').describe('Key of the client certificate (PEM file).'),
});

export const redisSchema = z.strictObject({
  database_number: z
    .int()
    .refine((value) => value >= 0 && value <= 15, {
      error: 'must be 0 to 15',
    })
    .default(0)
    .describe('Database 0 to 15; ignored by clusters.'),
  prefix: text()
    .default('')
    .describe('Put in front of all own keys, no separator added. Lua scripts are not affected.'),
  password_nonce: secret().describe(
    'Secret mixed into every stored password hash; required with a Redis server, random per start without.',
  ),
  pool_size: z
    .int()
    .default(0)
    .describe(
      'Required above 0 with a Redis server. One connection carries all commands pipelined, so the size is a bound.',
    ),
  idle_pool_size: size(0).describe('Accepted for compatibility: connections here are never idle ones of a pool.'),
  tls: tls.prefault({}).describe('TLS towards Redis.'),
  positive_cache_ttl: positiveOr(3600).describe('Seconds a successful login stays in the cache.'),
  negative_cache_ttl: positiveOr(3600).describe('Seconds the history of wrong passwords is kept.'),
  master: node.prefault({}).describe('Standalone server, or credentials of the nodes behind sentinels.'),
  replica: replica.prefault({}).describe('Read-only copy.'),
  sentinels: sentinels.prefault({}).describe('Sentinel mode.'),
  cluster: cluster.prefault({}).describe('Cluster mode.'),
});

export type RedisConfig = z.output<typeof redisSchema>;

type RedisMode = 'embedded' | 'cluster' | 'sentinel' | 'standalone';

/** First match of server.md 7.1; `embedded` when no address of any kind is configured. */
export function redisMode(config: RedisConfig): RedisMode {
  if (config.cluster.addresses.length > 0) return 'cluster';
  if (config.sentinels.addresses.length > 0 && config.sentinels.master !== '') return 'sentinel';
  return config.master.address === '' && config.replica.address === '' && config.sentinels.addresses.length === 0
    ? 'embedded'
    : 'standalone';
}
