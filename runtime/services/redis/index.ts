/** Redis for the server and for scripts: the default handle, pools by name, scripts by name (lua-api.md 5.3, server.md 7). */
import { type RedisConfig, redisMode } from '../../config/index.ts';
import type { Clock } from '../clock.ts';
import type { Log } from '../log.ts';
import type { Metrics } from '../metrics.ts';
import { connectDefault, connectPool } from './connect.ts';
import {
  type ChannelListener,
  type RedisArgument,
  type RedisConnection,
  RedisError,
  type RedisReply,
} from './connection.ts';
import { createEmbeddedStore, type ScriptEvaluator } from './embedded.ts';
import { POOL_MODES, type PoolMode, type PoolOptions } from './pool-options.ts';
import { createScripts, type RedisScript, runServerScript, type ServerScript } from './scripts.ts';

export type { RedisReply } from './connection.ts';
export { RedisError } from './connection.ts';
export type { ScriptEvaluator } from './embedded.ts';
export type { PoolOptions } from './pool-options.ts';
export { type ServerScript, serverScript } from './scripts.ts';

/** A server, replica set or cluster with its read and its write side; both count in the metrics. */
export interface RedisHandle {
  readonly name: string;
  /** A command that changes nothing; may go to a replica. Rejects with RedisError. */
  read(command: string, ...args: readonly RedisArgument[]): Promise<RedisReply>;
  /** A command for the master. Rejects with RedisError. */
  write(command: string, ...args: readonly RedisArgument[]): Promise<RedisReply>;
  /** Runs a script of the server on the master, as one step for everybody else. Rejects with RedisError. */
  run(script: ServerScript, keys: readonly string[], args: readonly RedisArgument[]): Promise<RedisReply>;
  /** All keys that match a pattern of SCAN, on all nodes; slow, for administrative tasks. Rejects with RedisError. */
  scan(pattern: string): Promise<readonly string[]>;
  /** Hears what instances publish (PUBLISH, ASCII text) on a channel; gives what ends it, as closing the service does. */
  listen(channel: string, listener: ChannelListener): () => void;
}

export interface RedisService {
  /** False with the embedded store: other instances see nothing of it, and a restart empties it. */
  readonly isShared: boolean;
  /** The handle that scripts call `"default"`. */
  readonly defaultHandle: RedisHandle;
  /**
   * Registers a pool; it connects with its first command. Throws RedisError for an unknown mode and for a name that is
   * taken in this mode.
   */
  registerPool(name: string, mode: string, options: PoolOptions): void;
  /** Looks in the modes standalone, sentinel, sentinel_replica, cluster, in this order. */
  pool(name: string): RedisHandle | undefined;
  /** SCRIPT LOAD under a name that all scripts of the process share; gives the SHA-1. Rejects with RedisError. */
  uploadScript(handle: RedisHandle, name: string, code: string): Promise<string>;
  /** EVAL, or EVALSHA of an uploaded script that is uploaded again when the server lost it. Rejects with RedisError. */
  runScript(handle: RedisHandle, script: RedisScript): Promise<RedisReply>;
  /** Resolves when the default handle has no command under way, within a bounded time. */
  idle(): Promise<void>;
  /** Closes the default handle, and the pools and scripts unless they were handed in. */
  close(): Promise<void>;
}

export interface RedisBase {
  readonly log: Log;
  readonly metrics: Metrics;
  readonly clock: Clock;
  /** Runs Lua scripts for the embedded store; without it EVAL is an error there. */
  readonly evaluate?: ScriptEvaluator | undefined;
  /** Pools and scripts that outlive this service; its own without them. */
  readonly registered?: Registered | undefined;
}

/**
 * Opens the default handle; connecting goes on in the background. That the embedded store shares and keeps nothing is
 * said once, by the configuration (`config-embedded-store`), where a log level cannot hide it.
 */
export function openRedis(config: RedisConfig, base: RedisBase): RedisService {
  const isShared = redisMode(config) !== 'embedded';
  const log = base.log.named('redis');
  const connections = isShared
    ? connectDefault(config, { log, metrics: base.metrics })
    : single(createEmbeddedStore({ clock: base.clock, evaluate: base.evaluate }));
  const registered = base.registered ?? createRegistered(base);
  const defaultHandle = createHandle('default', connections, base.metrics);
  return {
    isShared,
    defaultHandle,
    registerPool: registered.registerPool,
    pool: registered.pool,
    uploadScript: registered.scripts.upload,
    runScript: registered.scripts.run,
    idle: () => defaultHandle.idle(),
    close: async () => {
      await Promise.allSettled([defaultHandle.close(), base.registered === undefined ? registered.close() : undefined]);
    },
  };
}

/** What scripts have registered, which belongs to the process: their init script runs once. */
export interface Registered extends Pick<RedisService, 'registerPool' | 'pool'> {
  readonly scripts: ReturnType<typeof createScripts>;
  close(): Promise<void>;
}

/** No pools, no scripts. */
export function createRegistered(base: Pick<RedisBase, 'log' | 'metrics'>): Registered {
  const client = { log: base.log.named('redis'), metrics: base.metrics };
  const pools = new Map<string, OpenHandle>();
  return {
    scripts: createScripts(),
    registerPool: (name, mode, options) => {
      if (!isPoolMode(mode)) throw new RedisError(`Unknown mode: ${mode}`);
      const key = `${mode} ${name}`;
      if (pools.has(key)) throw new RedisError(`A redis connection with name '${name}' already exists`);
      pools.set(key, createHandle(name, connectPool(name, mode, options, client), base.metrics));
    },
    pool: (name) => POOL_MODES.map((mode) => pools.get(`${mode} ${name}`)).find((handle) => handle !== undefined),
    close: async () => {
      await Promise.allSettled([...pools.values()].map((handle) => handle.close()));
    },
  };
}

/** Read and write side; the same connection when there is no replica. */
export interface Connections {
  readonly read: RedisConnection;
  readonly write: RedisConnection;
}

function single(connection: RedisConnection): Connections {
  return { read: connection, write: connection };
}

interface OpenHandle extends RedisHandle {
  idle(): Promise<void>;
  close(): Promise<void>;
}

function createHandle(name: string, { read, write }: Connections, metrics: Metrics): OpenHandle {
  const send: RedisHandle['write'] = (command, ...args) => {
    metrics.count('redis_write_total', {});
    return write.send(command, args);
  };
  return {
    name,
    run: (script, keys, args) => runServerScript({ write: send }, script, keys, args),
    scan: (pattern) => scanAll(send, pattern),
    listen: (channel, listener) => write.listen(channel, listener),
    read: (command, ...args) => {
      metrics.count('redis_read_total', {});
      return read.send(command, args);
    },
    write: send,
    idle: async () => {
      await Promise.all(read === write ? [write.idle()] : [read.idle(), write.idle()]);
    },
    close: async () => {
      await Promise.allSettled(read === write ? [write.close()] : [read.close(), write.close()]);
    },
  };
}

const KEYS_AT_ONCE = 1000;

async function scanAll(send: RedisHandle['write'], pattern: string): Promise<readonly string[]> {
  const found: string[] = [];
  let cursor = '0';
  do {
    const reply = await send('SCAN', cursor, 'MATCH', pattern, 'COUNT', KEYS_AT_ONCE);
    const [next, keys] = Array.isArray(reply) ? reply : [];
    cursor = typeof next === 'string' ? next : '0';
    if (Array.isArray(keys)) found.push(...keys.map(String));
  } while (cursor !== '0');
  return [...new Set(found)];
}

function isPoolMode(mode: string): mode is PoolMode {
  return POOL_MODES.some((known) => known === mode);
}
