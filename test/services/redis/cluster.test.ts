/** A real cluster of six nodes: keys on all of them, slots that move, a master that dies. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { openRedis, RedisError, type RedisService } from '../../../runtime/services/redis/index.ts';
import { freePort, type RedisServer, redisMissing } from '../../servers/redis.ts';
import { type RedisCluster, startCluster } from '../../servers/redis-cluster.ts';
import { testBase, testConfig } from '../base.ts';
import { eventually } from './eventually.ts';

function open(address: string | undefined): RedisService {
  const line = `redis: { pool_size: 1, password_nonce: x, cluster: { addresses: ["${address}"] } }`;
  return openRedis(testConfig({ server: [line] }).server.redis, testBase());
}

describe('a cluster', { skip: redisMissing }, () => {
  let cluster: RedisCluster;
  let service: RedisService;
  const keys = Array.from({ length: 60 }, (_, index) => `key${index}`);

  before(async () => {
    cluster = await startCluster(1);
    service = open(cluster.masters[0]?.address);
    await eventually(() => service.defaultHandle.read('PING'), 3000);
  });
  after(async () => {
    await service.close();
    await cluster.close();
  });

  /** Name of each node in the cluster. */
  const idOf = (node: RedisServer) => node.command('CLUSTER', 'MYID');

  it('spreads keys over its masters and runs uploaded scripts on each', async () => {
    const { defaultHandle: redis } = service;
    await Promise.all(keys.map((key) => redis.write('SET', key, key)));
    assert.deepEqual(await Promise.all(keys.map((key) => redis.read('GET', key))), keys);
    for (const master of cluster.masters) assert.ok(Number(master.command('DBSIZE')) > 5);
    const sha = await service.uploadScript(redis, 'get', "return redis.call('GET', KEYS[1])");
    for (const master of cluster.masters) assert.equal(master.command('SCRIPT', 'EXISTS', sha), '1');
    const run = (key: string) => service.runScript(redis, { name: 'get', code: '', keys: [key], args: [] });
    assert.deepEqual(await Promise.all(keys.map(run)), keys);
  });

  it('carries out commands on keys of different slots', async () => {
    const { defaultHandle: redis } = service;
    assert.equal(await redis.write('MSET', 'm1', '1', 'm2', '2', 'm3', '3', 'm4', '4'), 'OK');
    assert.deepEqual(await redis.read('MGET', 'm1', 'none', 'm2', 'm3', 'm4'), ['1', null, '2', '3', '4']);
    assert.equal(await redis.read('EXISTS', 'm1', 'm2', 'none', 'm1'), 3);
    assert.equal(await redis.write('DEL', 'm1', 'm2', 'm3', 'm4', 'none'), 4);
    await assert.rejects(redis.write('MSET'), /wrong number of arguments/);
    await assert.rejects(redis.read('MGET'), /wrong number of arguments/);
    await assert.rejects(redis.write('RENAME', 'a', 'b'), /^RedisError: CROSSSLOT/);
    await redis.write('SET', '{tag}a', '1');
    assert.equal(await redis.write('RENAME', '{tag}a', '{tag}b'), 'OK');
    assert.equal(await redis.write('DEL', '{tag}b'), 1);
  });

  it('scans all masters', async () => {
    const { defaultHandle: redis } = service;
    const found: string[] = [];
    let cursor = '0';
    let rounds = 0;
    do {
      const reply = await redis.read('SCAN', cursor, 'MATCH', 'key*', 'COUNT', 7);
      assert.ok(Array.isArray(reply) && Array.isArray(reply[1]));
      cursor = String(reply[0]);
      found.push(...reply[1]);
      rounds++;
    } while (cursor !== '0' && rounds < 200);
    assert.deepEqual([...new Set(found)].sort(), [...keys].sort());
    assert.ok(rounds >= 6, `${rounds} rounds`);
    await assert.rejects(redis.read('SCAN', 'x'), /invalid cursor/);
  });

  it('follows a slot to another master', async () => {
    const { defaultHandle: redis } = service;
    await redis.write('DEL', 'moving');
    const slot = Number(cluster.masters[0]!.command('CLUSTER', 'KEYSLOT', 'moving'));
    const owner = cluster.masters[Math.floor((slot * 3) / 16_384)];
    const target = cluster.masters.find((master) => master !== owner);
    assert.ok(owner !== undefined && target !== undefined);
    target.command('CLUSTER', 'SETSLOT', slot, 'IMPORTING', idOf(owner));
    owner.command('CLUSTER', 'SETSLOT', slot, 'MIGRATING', idOf(target));
    assert.equal(await redis.write('SET', 'moving', 'asked'), 'OK', 'ASK, while the slot is under way');
    for (const node of [target, owner]) node.command('CLUSTER', 'SETSLOT', slot, 'NODE', idOf(target));
    assert.equal(await redis.read('GET', 'moving'), 'asked', 'MOVED, afterwards');
    assert.equal(target.command('CLUSTER', 'COUNTKEYSINSLOT', slot), '1');
  });

  it('goes on after a master died, with scripts that its replica does not know', async () => {
    const { defaultHandle: redis } = service;
    const [dying] = cluster.masters;
    assert.ok(dying !== undefined);
    const key = keys.find((each) => dying.command('GET', each) === each);
    assert.ok(key !== undefined);
    cluster.replicas[0]!.command('SCRIPT', 'FLUSH');
    await dying.stop('SIGKILL');
    const errors = new Set<string>();
    const start = performance.now();
    await eventually(
      () =>
        redis.read('GET', key).catch((error: unknown) => {
          assert.ok(error instanceof RedisError);
          errors.add(error.message);
          throw error;
        }),
      8000,
    );
    assert.ok(performance.now() - start < 6000);
    assert.ok(errors.size > 0, 'somebody noticed');
    assert.equal(await service.runScript(redis, { name: 'get', code: '', keys: [key], args: [] }), key);
    assert.deepEqual(await redis.read('MGET', ...keys), keys);
  });

  it('gives an error in bounded time when no node answers', async () => {
    const lost = open(`127.0.0.1:${await freePort()}`);
    const start = performance.now();
    await assert.rejects(lost.defaultHandle.write('GET', 'a'), { name: 'RedisError' });
    await assert.rejects(lost.defaultHandle.write('GET', 'a'), { name: 'RedisError' });
    assert.ok(performance.now() - start < 4500);
    await lost.close();
  });
});
