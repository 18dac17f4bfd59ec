/** Passwords, user names and databases where several servers are involved: sentinel sets and clusters. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { Secret } from '../../../runtime/config/index.ts';
import {
  openRedis,
  type PoolOptions,
  type RedisHandle,
  type RedisService,
} from '../../../runtime/services/redis/index.ts';
import { type RedisServer, redisMissing, startRedis, startSentinel } from '../../servers/redis.ts';
import { startCluster } from '../../servers/redis-cluster.ts';
import { testBase, testConfig } from '../base.ts';

const service: RedisService = openRedis(testConfig().server.redis, testBase());
after(() => service.close());

let number = 0;

/** A pool of its own. */
function pool(mode: string, options: PoolOptions): RedisHandle {
  const name = `pool${number++}`;
  service.registerPool(name, mode, options);
  const handle = service.pool(name);
  assert.ok(handle);
  return handle;
}

const secret = (text: string) => new Secret(text);

describe('a sentinel set with passwords', { skip: redisMissing }, () => {
  let master: RedisServer;
  let sentinel: RedisServer;
  before(async () => {
    master = await startRedis('--requirepass', 'data', '--user', 'mia', 'on', '>own', '~*', '+@all');
    sentinel = await startSentinel('locked', master.port, ['sentinel auth-pass locked data', 'requirepass watch']);
  });
  after(() => Promise.all([master.close(), sentinel.close()]));

  const set = () => ({ addresses: [sentinel.address], masterName: 'locked', sentinelPassword: secret('watch') });

  it('is used with the passwords of both, and in the database that was asked for', async () => {
    const two = pool('sentinel', { ...set(), password: secret('data'), database: 2 });
    assert.equal(await two.write('SET', 'key', 'in two'), 'OK');
    const user = pool('sentinel', { ...set(), username: 'mia', password: secret('own') });
    assert.equal(await user.read('GET', 'key'), null);
    const direct = pool('standalone', { address: master.address, password: secret('data'), database: 2 });
    assert.equal(await direct.read('GET', 'key'), 'in two');
  });

  it('says within bounded time that a password is wrong, and not which', async () => {
    const cases: PoolOptions[] = [
      { ...set(), password: secret('canary') },
      { ...set(), sentinelPassword: secret('canary'), password: secret('data') },
    ];
    for (const options of cases) {
      const start = performance.now();
      const error = await pool('sentinel', options)
        .read('PING')
        .then(() => assert.fail('should fail'), String);
      assert.doesNotMatch(error, /canary/);
      assert.match(error, /^RedisError: ./);
      assert.ok(performance.now() - start < 4000);
    }
  });

  it('that nobody watches is an error', async () => {
    const unknown = pool('sentinel', { ...set(), masterName: 'nobody', password: secret('data') });
    await assert.rejects(unknown.read('PING'), { name: 'RedisError' });
  });
});

describe('a cluster with passwords', { skip: redisMissing }, () => {
  it('is used with user name and password on every master', async () => {
    const cluster = await startCluster();
    for (const node of cluster.masters) {
      node.command('ACL', 'SETUSER', 'mia', 'on', '>own', '~*', '+@all');
      node.command('CONFIG', 'SET', 'requirepass', 'data');
    }
    const addresses = [cluster.masters[1]!.address];
    const keys = Array.from({ length: 30 }, (_, index) => `key${index}`);
    for (const options of [{ password: secret('data') }, { username: 'mia', password: secret('own') }]) {
      // A database is nothing that a cluster has; it is ignored.
      const redis = pool('cluster', { addresses, ...options, database: 3 });
      assert.equal(await redis.write('MSET', ...keys.flatMap((key) => [key, key])), 'OK');
      assert.deepEqual(await redis.read('MGET', ...keys), keys);
    }
    const wrong = pool('cluster', { addresses, password: secret('canary') });
    await assert.rejects(wrong.read('GET', 'a'), (error: Error) => !error.message.includes('canary'));
    await cluster.close();
  });
});
