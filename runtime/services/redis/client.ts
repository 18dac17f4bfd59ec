/** One ioredis client as a RedisConnection: byte strings, clear errors, no waiting for a server that is known to be away. */
import { type Cluster, Command, Redis } from 'ioredis';
import type { Log } from '../log.ts';
import type { Metrics } from '../metrics.ts';
import { networkText } from '../network-text.ts';
import {
  type ChannelListener,
  type RedisArgument,
  type RedisConnection,
  RedisError,
  type RedisReply,
} from './connection.ts';

/** Milliseconds without an answer after which a command has failed and its connection is given up. */
export const COMMAND_TIMEOUT_MS = 3000;

/** What every client reports to. */
export interface ClientBase {
  readonly log: Log;
  readonly metrics: Metrics;
}

interface ClientInfo extends ClientBase {
  /** Name in log lines and metrics: `default_rw`, `<pool>_ro`. */
  readonly name: string;
  /** Address or set, for error texts. */
  readonly target: string;
}

/** Sends one command to a client, or to one node of a cluster; rejects with what the library rejects with. */
export type SendTo = (target: Redis | Cluster, command: string, args: readonly RedisArgument[]) => Promise<RedisReply>;

/** Who gets a command: the client itself, unless a topology has its own idea. */
export type Route = (command: string, args: readonly RedisArgument[], send: SendTo) => Promise<RedisReply>;

/** Wraps a client and takes over its events. */
export function connectionOver(client: Redis | Cluster, info: ClientInfo, route?: Route): RedisConnection {
  const state = watch(client, info);
  const sent = batcher(client);
  const whenReady = readiness(client, state);
  const send: SendTo = async (target, command, args) => {
    const request = new Command(command, args.map(encode), { replyEncoding: 'latin1' });
    sent();
    target.sendCommand(request);
    // A ready connection has its own limit (socketTimeout); nodes of a cluster may still be connecting.
    const isLimited = target instanceof Redis && target.status === 'ready';
    return decode(await (isLimited ? request.promise : within(COMMAND_TIMEOUT_MS, request.promise)));
  };
  const listeners = new Set<() => void>();
  const underWay = new UnderWay();
  const explained = (error: unknown): RedisError => {
    const known = explain(error, state.failure ?? `${info.target}: EOF`);
    if (known.message.endsWith(TIMEOUT)) {
      info.metrics.count('redis_connection_timeouts_total', { pool_name: info.name });
    }
    return known;
  };
  const received = (reply: unknown): RedisReply => {
    underWay.end();
    return decode(reply);
  };
  const failed = (error: unknown): never => {
    underWay.end();
    throw explained(error);
  };
  /** What nearly every command is: one promise beside that of the library. */
  const sendAtOnce = (command: string, args: readonly RedisArgument[]): Promise<RedisReply> => {
    const request = new Command(command, args.map(encode), { replyEncoding: 'latin1' });
    underWay.begin();
    sent();
    client.sendCommand(request);
    return request.promise.then(received, failed);
  };
  const sendLater: RedisConnection['send'] = async (command, args) => {
    if (state.closed) throw new RedisError('redis: client is closed');
    // Queueing behind a reconnect would only make a login wait for an error that is certain.
    if (state.failure !== undefined && client.status !== 'ready') throw new RedisError(state.failure);
    underWay.begin();
    try {
      if (client.status !== 'ready') await whenReady();
      return await (route === undefined ? send(client, command, args) : route(command, args, send));
    } catch (error) {
      throw explained(error);
    } finally {
      underWay.end();
    }
  };
  return {
    listen: (channel, listener) => {
      const end =
        client instanceof Redis
          ? listenOnServer(client, channel, listener)
          : listenOnCluster(client, channel, listener);
      listeners.add(end);
      return () => {
        if (listeners.delete(end)) end();
      };
    },
    send: (command, args) => {
      const isReady = client.status === 'ready' && !state.closed && route === undefined && client instanceof Redis;
      return isReady ? sendAtOnce(command, args) : sendLater(command, args);
    },
    idle: () => within(COMMAND_TIMEOUT_MS, underWay.ended()).catch(() => undefined),
    close: async () => {
      state.closed = true;
      for (const end of listeners) end();
      client.disconnect();
    },
  };
}

/** A subscribed connection can do nothing else, so it is one of its own; its errors are those of the other one. */
function listenOnServer(client: Redis, channel: string, { onMessage, onGap }: ChannelListener): () => void {
  const own = client.duplicate({ lazyConnect: false, socketTimeout: undefined, maxRetriesPerRequest: null });
  let wasReady = false;
  own.on('error', () => undefined);
  own.on('ready', () => {
    if (wasReady) onGap();
    wasReady = true;
  });
  own.on('message', (from: string, text: string) => {
    if (from === channel) onMessage(text);
  });
  own.subscribe(channel).then(onGap, () => undefined);
  return () => own.disconnect();
}

/** The library keeps a subscribed connection to one of the nodes. */
function listenOnCluster(client: Cluster, channel: string, { onMessage, onGap }: ChannelListener): () => void {
  const hear = (from: string, text: string): void => {
    if (from === channel) onMessage(text);
  };
  client.on('message', hear).on('ready', onGap);
  client.subscribe(channel).then(onGap, () => undefined);
  return () => {
    client.off('message', hear).off('ready', onGap);
    client.unsubscribe(channel).catch(() => undefined);
  };
}

/** The commands that have been sent and not answered. */
class UnderWay {
  #count = 0;
  readonly #waiting = new Set<() => void>();

  begin(): void {
    this.#count += 1;
  }

  end(): void {
    this.#count -= 1;
    if (this.#count === 0 && this.#waiting.size > 0) for (const look of this.#waiting) setImmediate(look);
  }

  /** Whoever got the last answer may send another command at once: that one is waited for, too. */
  ended(): Promise<void> {
    return new Promise((resolve) => {
      const look = (): void => {
        if (this.#count > 0) return;
        this.#waiting.delete(look);
        resolve();
      };
      this.#waiting.add(look);
      setImmediate(look);
    });
  }
}

interface State {
  /** Why the last attempt to connect failed; cleared by success. */
  failure: string | undefined;
  closed: boolean;
}

/**
 * Waits for a client that is connecting: until it is ready, an attempt has failed, or the time of a command is over.
 * Commands wait here and not in the library's queue, from which they would be carried out after they were reported as failed.
 */
function readiness(client: Redis | Cluster, state: State): () => Promise<void> {
  let waiting: Promise<void> | undefined;
  const begin = async (): Promise<void> => {
    if (client.status === 'wait') client.connect().catch(() => undefined);
    let fail = (): void => undefined;
    let ready = (): void => undefined;
    const settled = new Promise<void>((resolve, reject) => {
      ready = resolve;
      fail = () => reject(new RedisError(state.failure ?? 'redis: client is closed'));
    });
    client.once('ready', ready).once('error', fail).once('end', fail);
    try {
      await within(COMMAND_TIMEOUT_MS, settled);
    } finally {
      client.off('ready', ready).off('error', fail).off('end', fail);
      waiting = undefined;
    }
  };
  return () => {
    waiting ??= begin();
    return waiting;
  };
}

function watch(client: Redis | Cluster, { log, metrics, name, target }: ClientInfo): State {
  const state: State = { failure: undefined, closed: false };
  const labels = { pool_name: name };
  let isOpen = false;
  client.on('ready', () => {
    isOpen = true;
    metrics.count('redis_connection_misses_total', labels);
    metrics.add('redis_pool_total_connections', labels, 1);
    if (state.failure !== undefined) log.info({ redis: `${name}: connected to ${target}` });
    state.failure = undefined;
  });
  client.on('close', () => {
    if (!isOpen) return;
    isOpen = false;
    metrics.add('redis_pool_total_connections', labels, -1);
    metrics.add('redis_pool_stale_connections', labels, state.closed ? 0 : 1);
  });
  client.on('error', (error: Error) => {
    const text = networkText(error, target);
    // One line per outage, not per attempt.
    if (state.failure === undefined && !state.closed) log.error({ redis: `${name}: ${text}` });
    state.failure = text;
  });
  return state;
}

/**
 * Commands of one turn of the event loop leave in one write to the socket. Measured against one write per command: 2.5 times
 * the throughput with 64 logins at a time, the same alone; `enableAutoPipelining` of the library gave 1.4 times and made
 * single commands slower.
 */
function batcher(client: Redis | Cluster): () => void {
  let isCorked = false;
  return () => {
    if (isCorked) return;
    const streams = (client instanceof Redis ? [client] : client.nodes())
      .filter(({ status }) => status === 'ready')
      .map(({ stream }) => stream);
    if (streams.length === 0) return;
    isCorked = true;
    for (const stream of streams) stream.cork();
    setImmediate(() => {
      isCorked = false;
      for (const stream of streams) stream.uncork();
    });
  };
}

async function within<T>(ms: number, promise: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new RedisError(TIMEOUT)), ms);
  });
  try {
    return await Promise.race([promise, limit]);
  } finally {
    clearTimeout(timer);
  }
}

const TIMEOUT = 'i/o timeout';
const CLOSED_TEXT = 'Connection is closed.';

function explain(error: unknown, lost: string): RedisError {
  if (error instanceof RedisError) return error;
  if (!(error instanceof Error)) return new RedisError(String(error));
  const isLost = error.name === 'MaxRetriesPerRequestError' || error.message === CLOSED_TEXT;
  return new RedisError(isLost ? lost : error.message);
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: everything outside ASCII is what has to be found
const NOT_ASCII = /[^\u0000-\u007f]/;

/** ASCII goes as it is, since ioredis would encode text as UTF-8. */
function encode(argument: RedisArgument): string | number | Buffer {
  return typeof argument === 'string' && NOT_ASCII.test(argument) ? Buffer.from(argument, 'latin1') : argument;
}

/** Errors inside arrays (a script may return them) become their text: the array as a whole is a success. */
function decode(reply: unknown): RedisReply {
  if (typeof reply === 'string' || typeof reply === 'number') return reply;
  if (Array.isArray(reply)) return reply.map(decode);
  if (reply instanceof Error) return reply.message;
  return reply === null || reply === undefined ? null : String(reply);
}
