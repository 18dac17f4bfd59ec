/** The store of a server that has no Redis configured: in this process, shared with nobody, gone with it. */
import type { Clock } from '../clock.ts';
import {
  type ChannelListener,
  type RedisArgument,
  type RedisConnection,
  RedisError,
  type RedisReply,
} from './connection.ts';
import { findCommand } from './embedded/commands.ts';
import { createKeyspace } from './embedded/keyspace.ts';
import { scriptCommands } from './embedded/script-commands.ts';

/** Runs a Lua script of EVAL; `call` is `redis.call`, which throws RedisError. */
export type ScriptEvaluator = (
  code: string,
  keys: readonly string[],
  args: readonly string[],
  call: (command: string, args: readonly RedisArgument[]) => RedisReply,
) => RedisReply | Promise<RedisReply>;

/** Milliseconds between two sweeps for expired keys that nobody asks for. */
const SWEEP_MS = 1000;

/** An empty store. Commands are carried out at once and one at a time, so each is atomic as on a real server. */
export function createEmbeddedStore(base: { clock: Clock; evaluate?: ScriptEvaluator | undefined }): RedisConnection {
  const keyspace = createKeyspace(() => base.clock.now());
  const cancel = base.clock.every(SWEEP_MS, () => keyspace.sweep());
  const call = (command: string, args: readonly RedisArgument[]): RedisReply =>
    findCommand(command, args.length)(keyspace, args.map(String));
  const scripts = scriptCommands(base.evaluate, call);
  const channels = new Map<string, ChannelListener[]>();
  const publish = (channel: string, text: string): number => {
    const listeners = channels.get(channel) ?? [];
    for (const { onMessage } of listeners) onMessage(text);
    return listeners.length;
  };
  let closed = false;
  /** A script that has not come to its end; commands after it wait, so that it stays one step for all others. */
  let running: Promise<unknown> | undefined;
  const runScript = (run: () => RedisReply | Promise<RedisReply>): RedisReply | Promise<RedisReply> => {
    const reply = run();
    if (!(reply instanceof Promise)) return reply;
    const ended = () => {
      running = undefined;
    };
    running = reply.then(ended, ended);
    return reply;
  };
  return {
    send: async (command, args) => {
      while (running !== undefined) await running;
      if (closed) throw new RedisError('redis: client is closed');
      if (command.toUpperCase() === 'PUBLISH') return publish(String(args[0]), String(args[1]));
      const script = scripts.get(command.toUpperCase());
      return script ? runScript(() => script(args.map(String))) : call(command, args);
    },
    listen: (channel, listener) => {
      channels.set(channel, [...(channels.get(channel) ?? []), listener]);
      return () => {
        const others = (channels.get(channel) ?? []).filter((each) => each !== listener);
        channels.set(channel, others);
      };
    },
    idle: async () => {
      while (running !== undefined) await running;
    },
    close: async () => {
      closed = true;
      cancel();
      keyspace.clear();
    },
  };
}
