/**
 * Commands that a cluster does not carry out by itself: on keys of several slots, over all keys, and on what every master
 * must know. Such a command becomes several, so it is not one step for others as it is on a single server.
 */
import type { Cluster, Redis } from 'ioredis';
import type { Route, SendTo } from './client.ts';
import { type RedisArgument, RedisError, type RedisReply } from './connection.ts';

/** The route of commands through a cluster. */
export function clusterRoute(client: Cluster): Route {
  return (command, args, send) => {
    const special = SPECIAL[command.toUpperCase()];
    return special === undefined ? send(client, command, args) : special({ client, send, command, args });
  };
}

interface Sent {
  readonly client: Cluster;
  readonly send: SendTo;
  readonly command: string;
  readonly args: readonly RedisArgument[];
}

const SPECIAL: Readonly<Record<string, (sent: Sent) => Promise<RedisReply>>> = {
  MGET: async (sent) => (await keyByKey(sent, 1)).flat(),
  MSET: async (sent) => {
    const { args, send, client, command } = sent;
    if (args.length === 0 || args.length % 2 !== 0) return send(client, command, args);
    await keyByKey(sent, 2);
    return 'OK';
  },
  DEL: sum,
  UNLINK: sum,
  EXISTS: sum,
  SCAN: scan,
  SCRIPT: onMasters,
};

async function sum(sent: Sent): Promise<RedisReply> {
  const replies = await keyByKey(sent, 1);
  return replies.reduce((total: number, reply) => total + Number(reply), 0);
}

/** The command once for each key, with `size` arguments each; all of them are under way at the same time. */
async function keyByKey({ client, send, command, args }: Sent, size: number): Promise<readonly RedisReply[]> {
  // The server complains about missing arguments.
  if (args.length === 0) return [await send(client, command, args)];
  const parts = Array.from({ length: args.length / size }, (_, index) => args.slice(index * size, (index + 1) * size));
  return Promise.all(parts.map((part) => send(client, command, part)));
}

/**
 * One master after the other, in the order of their addresses: cursor = cursor of the node x masters + index of the node.
 * Like a scan of a single server it returns each key that stays, unless the masters change meanwhile.
 */
async function scan({ client, send, command, args: [cursor, ...rest] }: Sent): Promise<RedisReply> {
  const masters = mastersOf(client);
  const position = Number(cursor);
  if (masters.length === 0 || !Number.isSafeInteger(position) || position < 0) {
    return send(client, command, cursor === undefined ? [] : [cursor, ...rest]);
  }
  const index = position % masters.length;
  const inNode = Math.floor(position / masters.length);
  const reply = await send(masters[index]!, command, [inNode, ...rest]);
  if (!Array.isArray(reply)) throw new RedisError('unexpected reply to SCAN');
  const [next, keys] = reply;
  const ended = Number(next) === 0;
  const following = ended ? (index + 1) % masters.length : Number(next) * masters.length + index;
  return [String(following), keys ?? []];
}

/** To each master; one that fails is no failure, since scripts are brought along where they are missed. */
async function onMasters({ client, send, command, args }: Sent): Promise<RedisReply> {
  const masters = mastersOf(client);
  if (masters.length === 0) return send(client, command, args);
  const outcomes = await Promise.allSettled(masters.map((master) => send(master, command, args)));
  const done = outcomes.find((outcome) => outcome.status === 'fulfilled');
  if (done !== undefined) return done.value;
  throw outcomes.find((outcome) => outcome.status === 'rejected')?.reason;
}

function mastersOf(client: Cluster) {
  const address = ({ options }: Redis) => `${options.host}:${options.port}`;
  return client.nodes('master').sort((a, b) => (address(a) < address(b) ? -1 : 1));
}
