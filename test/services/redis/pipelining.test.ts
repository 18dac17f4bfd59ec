/** Commands that are sent together travel together: seen by a relay between client and server. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import { after, before, describe, it } from 'node:test';
import { openRedis } from '../../../runtime/services/redis/index.ts';
import { type RedisServer, redisMissing, startRedis } from '../../servers/redis.ts';
import { type RedisCluster, startCluster } from '../../servers/redis-cluster.ts';
import { testBase, testConfig } from '../base.ts';

interface Relay {
  readonly port: number;
  /** Pieces that came from the client since the last look. */
  take(): readonly string[];
  close(): void;
}

async function startRelay(target: number): Promise<Relay> {
  let pieces: string[] = [];
  const sockets = new Set<Socket>();
  const server = createServer((client) => {
    const upstream = connect(target, '127.0.0.1');
    for (const socket of [client, upstream]) {
      sockets.add(socket);
      socket.setNoDelay();
      socket.on('error', () => undefined);
    }
    client.on('data', (bytes) => {
      pieces.push(bytes.toString('latin1'));
      upstream.write(bytes);
    });
    upstream.pipe(client);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  return {
    port: typeof address === 'object' && address !== null ? address.port : 0,
    take: () => {
      const taken = pieces;
      pieces = [];
      return taken;
    },
    close: () => {
      for (const socket of sockets) socket.destroy();
      server.close();
    },
  };
}

describe('commands of one tick', { skip: redisMissing }, () => {
  let server: RedisServer;
  let relay: Relay;
  before(async () => {
    server = await startRedis();
    relay = await startRelay(server.port);
  });
  after(async () => {
    relay.close();
    await server.close();
  });

  it('leave in one write, whoever sends them; later ones do not wait for the replies', async () => {
    const line = `redis: { pool_size: 1, password_nonce: x, master: { address: "127.0.0.1:${relay.port}" } }`;
    const service = openRedis(testConfig({ server: [line] }).server.redis, testBase());
    const { defaultHandle: redis } = service;
    await redis.read('PING');
    relay.take();
    const first = Array.from({ length: 40 }, (_, index) => redis.write('INCRBY', 'n', index));
    await new Promise((resolve) => setImmediate(resolve));
    const second = [redis.read('GET', 'n'), redis.read('GET', 'n')];
    assert.deepEqual(await Promise.all(second), ['780', '780']);
    await Promise.all(first);
    const pieces = relay.take();
    assert.equal(pieces.join('').split('INCRBY').length - 1, 40);
    assert.ok(pieces.length <= 2, `${pieces.length} writes`);
    await service.close();
  });
});

describe('commands of one tick to a cluster', { skip: redisMissing }, () => {
  let cluster: RedisCluster;
  before(async () => {
    cluster = await startCluster();
  });
  after(() => cluster.close());

  it('leave in one write for each of its masters', async () => {
    const line = `redis: { pool_size: 1, password_nonce: x, cluster: { addresses: ["${cluster.masters[0]?.address}"] } }`;
    const service = openRedis(testConfig({ server: [line] }).server.redis, testBase());
    const { defaultHandle: redis } = service;
    const keys = Array.from({ length: 60 }, (_, index) => `key${index}`);
    await redis.write('MSET', ...keys.flatMap((key) => [key, 'x']));
    const before = cluster.masters.map(reads);
    await redis.read('MGET', ...keys);
    const after = cluster.masters.map(reads);
    // Each look at the counters is a read of its own.
    const needed = after.map((count, at) => count - (before[at] ?? 0) - 1);
    assert.ok(
      needed.every((count) => count <= 3),
      `${needed} reads for 60 commands`,
    );
    await service.close();
  });

  /** How often the server read something from its clients. */
  function reads(master: RedisServer): number {
    return Number(/total_reads_processed:(\d+)/.exec(master.command('INFO', 'stats'))?.[1]);
  }
});
