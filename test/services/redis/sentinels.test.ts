/** Sentinel sets of real servers. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { openRedis } from '../../../runtime/services/redis/index.ts';
import { freePort, type RedisServer, redisMissing, startRedis, startSentinel } from '../../servers/redis.ts';
import { testBase, testConfig } from '../base.ts';
import { eventually } from './eventually.ts';

function open(section: string) {
  const line = `redis: { pool_size: 1, password_nonce: x, ${section} }`;
  return openRedis(testConfig({ server: [line] }).server.redis, testBase());
}

describe('a sentinel set', { skip: redisMissing }, () => {
  let master: RedisServer;
  let replica: RedisServer;
  let sentinels: RedisServer[];

  before(async () => {
    master = await startRedis();
    replica = await startRedis('--replicaof', '127.0.0.1', String(master.port));
    sentinels = await Promise.all([startSentinel('mymaster', master.port), startSentinel('mymaster', master.port)]);
  });
  after(() => Promise.all([master, replica, ...sentinels].map((server) => server.close())));

  it('leads writes to the master and reads to a replica', async () => {
    const addresses = sentinels.map(({ address }) => `"${address}"`).join(', ');
    const service = open(`sentinels: { master: mymaster, addresses: [${addresses}] }`);
    const { defaultHandle: redis } = service;
    await eventually(() => redis.write('SET', 'a', '1'), 5000);
    assert.match(String(await redis.write('INFO', 'replication')), /role:master/);
    await eventually(async () => assert.equal(await redis.read('GET', 'a'), '1'), 15_000);
    assert.match(String(await redis.read('INFO', 'replication')), /role:slave/);
    await service.close();
  });

  it('serves pools of scripts in both sentinel modes', async () => {
    const service = open(`master: { address: "${master.address}" }`);
    const options = { addresses: sentinels.map(({ address }) => address), masterName: 'mymaster' };
    service.registerPool('w', 'sentinel', options);
    service.registerPool('r', 'sentinel_replica', options);
    assert.equal(await service.pool('w')?.write('SET', 'b', '2'), 'OK');
    await eventually(async () => assert.equal(await service.pool('r')?.read('GET', 'b'), '2'), 15_000);
    await service.close();
  });

  it('gives an error in bounded time when no sentinel answers', async () => {
    const service = open(`sentinels: { master: mymaster, addresses: ["127.0.0.1:${await freePort()}"] }`);
    const start = performance.now();
    await assert.rejects(service.defaultHandle.write('GET', 'a'), { name: 'RedisError' });
    await assert.rejects(service.defaultHandle.write('GET', 'a'), { name: 'RedisError' });
    assert.ok(performance.now() - start < 4000);
    await service.close();
  });
});
