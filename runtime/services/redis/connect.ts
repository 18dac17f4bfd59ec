/** Real servers over ioredis: standalone, sentinel and cluster, bounded in time and without unhandled events. */
import { readFileSync } from 'node:fs';
import { type ConnectionOptions, createSecureContext, rootCertificates } from 'node:tls';
import { Cluster, type ClusterOptions, Redis, type RedisOptions } from 'ioredis';
import { parseHostPort, type RedisConfig, redisMode } from '../../config/index.ts';
import type { Log } from '../log.ts';
import { type ClientBase, COMMAND_TIMEOUT_MS, connectionOver } from './client.ts';
import { clusterRoute } from './cluster.ts';
import type { RedisConnection } from './connection.ts';
import type { Connections } from './index.ts';
import type { PoolMode, PoolOptions, TlsSettings } from './pool-options.ts';

/** Milliseconds until an attempt to connect has failed. */
const CONNECT_TIMEOUT_MS = 2000;
const LONGEST_RETRY_PAUSE_MS = 500;

/** Pause before attempt number `attempt` (from 1): short at first, so that a restarted server is back at once. */
function retryPause(attempt: number): number {
  return Math.min(20 * 2 ** Math.min(attempt, 10), LONGEST_RETRY_PAUSE_MS);
}

/** The default handle of the configuration (server.md 7.1). */
export function connectDefault(config: RedisConfig, base: ClientBase): Connections {
  const tls = tlsOptions(
    config.tls.enabled ? { certFile: config.tls.cert, keyFile: config.tls.key, caFile: config.tls.ca } : undefined,
    base.log,
  );
  const node: NodeOptions = {
    username: config.master.username,
    password: config.master.password.reveal(),
    database: config.database_number,
    tls,
  };
  switch (redisMode(config)) {
    case 'cluster': {
      const { addresses, username, password } = config.cluster;
      return single(cluster(addresses, { ...node, username, password: password.reveal() }, 'default_rw', base));
    }
    case 'sentinel':
      return connectSentinels(config, node, base);
    default: {
      const write = standalone(config.master.address || 'localhost:6379', node, 'default_rw', base);
      return withReplica(write, config, node, base);
    }
  }
}

/** A pool that a script registered; `lazy`: it connects with its first command. */
export function connectPool(name: string, mode: PoolMode, options: PoolOptions, base: ClientBase): Connections {
  const node: NodeOptions = {
    username: options.username ?? '',
    password: options.password?.reveal() ?? '',
    database: options.database ?? 0,
    tls: tlsOptions(options.tls, base.log),
    lazy: true,
  };
  const addresses = options.addresses ?? [];
  switch (mode) {
    case 'standalone':
      return single(standalone(options.address || 'localhost:6379', node, `${name}_rw`, base));
    case 'cluster':
      return single(cluster(addresses, node, `${name}_rw`, base));
    case 'sentinel':
    case 'sentinel_replica': {
      const set: SentinelSet = {
        addresses,
        master: options.masterName ?? '',
        role: mode === 'sentinel' ? 'master' : 'slave',
        username: options.sentinelUsername ?? '',
        password: options.sentinelPassword?.reveal() ?? '',
      };
      return single(sentinel(set, node, `${name}_rw`, base));
    }
  }
}

interface NodeOptions {
  readonly username: string;
  readonly password: string;
  readonly database: number;
  readonly tls: ConnectionOptions | undefined;
  readonly lazy?: boolean;
}

interface SentinelSet {
  readonly addresses: readonly string[];
  readonly master: string;
  readonly role: 'master' | 'slave';
  readonly username: string;
  readonly password: string;
}

function single(connection: RedisConnection): Connections {
  return { read: connection, write: connection };
}

function connectSentinels(config: RedisConfig, node: NodeOptions, base: ClientBase): Connections {
  const { addresses, master, username, password } = config.sentinels;
  const set = { addresses, master, username, password: password.reveal() };
  const write = sentinel({ ...set, role: 'master' }, node, 'default_rw', base);
  if (addresses.length < 2) return withReplica(write, config, node, base);
  return { write, read: sentinel({ ...set, role: 'slave' }, node, 'default_ro', base) };
}

function withReplica(write: RedisConnection, config: RedisConfig, node: NodeOptions, base: ClientBase): Connections {
  const { address } = config.replica;
  if (address === '' || address === config.master.address) return single(write);
  return { write, read: standalone(address, node, 'default_ro', base) };
}

function standalone(address: string, node: NodeOptions, name: string, base: ClientBase): RedisConnection {
  const { host, port } = endpoint(address, 6379);
  return connectionOver(new Redis({ ...nodeOptions(node), host, port }), { name, target: address, ...base });
}

function sentinel(set: SentinelSet, node: NodeOptions, name: string, base: ClientBase): RedisConnection {
  const client = new Redis({
    ...nodeOptions(node),
    name: set.master,
    role: set.role,
    sentinels: set.addresses.map((address) => endpoint(address, 26379)),
    ...(set.username ? { sentinelUsername: set.username } : {}),
    ...(set.password ? { sentinelPassword: set.password } : {}),
    ...(node.tls ? { sentinelTLS: node.tls, enableTLSForSentinelMode: true } : {}),
    sentinelRetryStrategy: retryPause,
    failoverDetector: true,
  });
  return connectionOver(client, { name, target: `sentinel set ${set.master}`, ...base });
}

function cluster(addresses: readonly string[], node: NodeOptions, name: string, base: ClientBase): RedisConnection {
  const { db: _ignored, lazyConnect, ...redisOptions } = nodeOptions(node);
  const options: ClusterOptions = {
    redisOptions,
    ...(lazyConnect ? { lazyConnect } : {}),
    clusterRetryStrategy: retryPause,
    slotsRefreshTimeout: CONNECT_TIMEOUT_MS,
    // Names in certificates: the addresses that CLUSTER SLOTS reports must be used as they are.
    dnsLookup: (address, callback) => callback(null, address),
    // As elsewhere: what was under way on a lost connection may have been carried out, so it is not repeated.
    retryDelayOnFailover: 0,
  };
  const client = new Cluster(
    addresses.map((address) => endpoint(address, 6379)),
    options,
  );
  return connectionOver(client, { name, target: addresses.join(', '), ...base }, clusterRoute(client));
}

function nodeOptions(node: NodeOptions): RedisOptions {
  return {
    ...(node.username ? { username: node.username } : {}),
    ...(node.password ? { password: node.password } : {}),
    db: node.database,
    ...(node.tls ? { tls: node.tls } : {}),
    lazyConnect: node.lazy === true,
    connectTimeout: CONNECT_TIMEOUT_MS,
    socketTimeout: COMMAND_TIMEOUT_MS,
    retryStrategy: retryPause,
    // A lost connection fails its commands at once: whether an INCR was carried out is unknown, so it is not repeated.
    maxRetriesPerRequest: 0,
    autoResendUnfulfilledCommands: false,
    enableReadyCheck: true,
    connectionName: 'nauthilus',
  };
}

function endpoint(address: string, defaultPort: number): { host: string; port: number } {
  const parsed = parseHostPort(address);
  return parsed ? { host: parsed.host || 'localhost', port: parsed.port } : { host: address, port: defaultPort };
}

/**
 * A client certificate that cannot be used is an error line; the connection then goes on with TLS but without it. Without
 * the authority that was asked for nothing is trusted more: the servers of that authority are refused.
 */
function tlsOptions(tls: TlsSettings | undefined, log: Log): ConnectionOptions | undefined {
  if (tls === undefined) return undefined;
  const authority = readPem('authority', tls.caFile, log);
  return {
    ...(authority === undefined ? {} : { ca: [...rootCertificates, authority] }),
    ...(tls.skipVerify === true ? { rejectUnauthorized: false } : {}),
    ...clientCertificate(tls, log),
  };
}

function clientCertificate({ certFile, keyFile }: TlsSettings, log: Log): ConnectionOptions {
  if (!certFile || !keyFile) return {};
  const [cert, key] = [readPem('client certificate', certFile, log), readPem('client key', keyFile, log)];
  if (cert === undefined || key === undefined) return {};
  try {
    createSecureContext({ cert, key });
    return { cert, key };
  } catch {
    log.error({ msg: `Redis client certificate '${certFile}' and key '${keyFile}' do not fit` });
    return {};
  }
}

function readPem(what: string, path: string | undefined, log: Log): string | undefined {
  if (!path) return undefined;
  try {
    return readFileSync(path, 'utf8');
  } catch {
    log.error({ msg: `Redis ${what} '${path}' is not readable` });
    return undefined;
  }
}
