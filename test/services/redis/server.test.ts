/** Handles, pools and scripts on a real server, and what happens when the server goes away. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { Secret } from '../../../runtime/config/index.ts';
import { openRedis, RedisError, type RedisService } from '../../../runtime/services/redis/index.ts';
import { freePort, type RedisServer, redisMissing, startRedis } from '../../servers/redis.ts';
import { testBase, testConfig } from '../base.ts';

/** Opens the service for one server; `more` are further keys of the YAML section. */
function open(address: string, more = '', base = testBase()): RedisService {
  const line = `redis: { pool_size: 1, password_nonce: x, master: { address: "${address}" } ${more} }`;
  return openRedis(testConfig({ server: [line] }).server.redis, base);
}

async function errorOf(promise: Promise<unknown>): Promise<string> {
  const error = await promise.then(
    () => assert.fail('should fail'),
    (reason: unknown) => reason,
  );
  assert.ok(error instanceof RedisError);
  return error.message;
}

/** Milliseconds that `action` takes. */
async function took(action: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await action();
  return performance.now() - start;
}

async function eventually(action: () => Promise<unknown>, limit: number): Promise<void> {
  const end = performance.now() + limit;
  for (;;) {
    try {
      await action();
      return;
    } catch (error) {
      if (performance.now() > end) throw error;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }
}

describe('a Redis server', { skip: redisMissing }, () => {
  let server: RedisServer;
  before(async () => {
    server = await startRedis();
  });
  after(() => server.close());

  it('answers with byte strings, numbers, nil and lists', async () => {
    const service = open(server.address);
    const { defaultHandle: redis } = service;
    assert.equal(service.isShared, true);
    assert.equal(await redis.write('SET', 'k\xe9', '\x00\xff"'), 'OK');
    assert.equal(await redis.read('GET', 'k\xe9'), '\x00\xff"');
    assert.equal(await redis.read('STRLEN', 'k\xe9'), 3);
    assert.equal(await redis.read('GET', 'none'), null);
    await redis.write('RPUSH', 'list', 'a', 1);
    assert.deepEqual(await redis.read('LRANGE', 'list', 0, -1), ['a', '1']);
    await service.close();
  });

  it('carries out many commands at once in order', async () => {
    const service = open(server.address);
    const { defaultHandle: redis } = service;
    await redis.write('DEL', 'n');
    const replies = await Promise.all(Array.from({ length: 500 }, () => redis.write('INCR', 'n')));
    assert.deepEqual(
      replies,
      Array.from({ length: 500 }, (_, index) => index + 1),
    );
    await service.close();
  });

  it('counts reads and writes', async () => {
    const base = testBase();
    const service = open(server.address, '', base);
    await service.defaultHandle.write('SET', 'a', '1');
    await service.defaultHandle.read('GET', 'a');
    await service.defaultHandle.read('GET', 'a');
    assert.equal(await base.metrics.value('redis_write_total', {}), 1);
    assert.equal(await base.metrics.value('redis_read_total', {}), 2);
    await service.close();
  });

  it('shows each connection in the metrics, open and lost', async () => {
    const base = testBase();
    const service = open(server.address, '', base);
    const pool = (name: 'redis_pool_total_connections' | 'redis_pool_stale_connections') =>
      base.metrics.value(name, { pool_name: 'default_rw' });
    await service.defaultHandle.read('PING');
    assert.equal(await pool('redis_pool_total_connections'), 1);
    await service.defaultHandle.write('CLIENT', 'KILL', 'TYPE', 'normal', 'SKIPME', 'no').catch(() => undefined);
    await eventually(async () => assert.equal(await pool('redis_pool_stale_connections'), 1), 2000);
    await eventually(() => service.defaultHandle.read('PING'), 2000);
    assert.equal(await base.metrics.value('redis_connection_misses_total', { pool_name: 'default_rw' }), 2);
    await service.close();
  });

  it('hands on the error text of the server', async () => {
    const service = open(server.address);
    const { defaultHandle: redis } = service;
    await redis.write('SET', 'text', 'x');
    assert.equal(
      await errorOf(redis.write('SADD', 'text', 'x')),
      'WRONGTYPE Operation against a key holding the wrong kind of value',
    );
    assert.equal(await errorOf(redis.write('RENAME', 'missing', 'x')), 'ERR no such key');
    await service.close();
  });

  it('runs scripts inline and by name, with keys and arguments', async () => {
    const service = open(server.address);
    const { defaultHandle: redis } = service;
    const inline = { name: '', code: 'return {KEYS[1], ARGV[1], 3, false}', keys: ['k'], args: ['v'] };
    assert.deepEqual(await service.runScript(redis, inline), ['k', 'v', 3, null]);
    const sha = await service.uploadScript(redis, 'twice', 'return ARGV[1] * 2');
    assert.match(sha, /^[0-9a-f]{40}$/);
    const named = { name: 'twice', code: '', keys: [], args: ['21'] };
    assert.equal(await service.runScript(redis, named), 42);
    assert.equal(
      await errorOf(service.runScript(redis, { ...named, name: 'none' })),
      'could not find script with name none',
    );
    const failing = { name: '', code: "return redis.error_reply('ERR custom')", keys: [], args: [] };
    assert.equal(await errorOf(service.runScript(redis, failing)), 'ERR custom');
    await service.close();
  });

  it('brings an uploaded script back when the server forgot it', async () => {
    const service = open(server.address);
    const { defaultHandle: redis } = service;
    await service.uploadScript(redis, 'answer', 'return 42');
    await redis.write('SCRIPT', 'FLUSH');
    const script = { name: 'answer', code: '', keys: [], args: [] };
    assert.equal(await service.runScript(redis, script), 42);
    await service.close();
  });

  it('knows pools by name, each name once per mode', async () => {
    const service = open(server.address);
    service.registerPool('geo', 'standalone', { address: server.address, database: 3 });
    const pool = service.pool('geo');
    assert.ok(pool);
    await pool.write('SET', 'pooled', 'yes');
    assert.equal(await pool.read('GET', 'pooled'), 'yes');
    assert.equal(await service.defaultHandle.read('GET', 'pooled'), null);
    assert.equal(service.pool('other'), undefined);
    assert.throws(
      () => service.registerPool('geo', 'standalone', {}),
      /A redis connection with name 'geo' already exists/,
    );
    assert.throws(() => service.registerPool('x', 'magic', {}), /^RedisError: Unknown mode: magic$/);
    service.registerPool('geo', 'cluster', { addresses: ['127.0.0.1:1'] });
    assert.equal(service.pool('geo'), pool);
    await service.close();
  });

  it('fails at once and with a reason where nothing listens', async () => {
    const address = `127.0.0.1:${await freePort()}`;
    const base = testBase();
    const service = open(address, '', base);
    const { defaultHandle: redis } = service;
    const first = await took(async () => {
      assert.equal(await errorOf(redis.read('GET', 'a')), `dial tcp ${address}: connect: connection refused`);
    });
    const second = await took(() => errorOf(redis.read('GET', 'a')));
    assert.ok(first < 1000 && second < 100, `${first} ms, ${second} ms`);
    await new Promise((resolve) => setTimeout(resolve, 300));
    assert.equal(base.lines.filter((line) => line.includes('connection refused')).length, 1, 'one line per outage');
    service.registerPool('dead', 'standalone', { address });
    const pool = service.pool('dead');
    assert.ok(pool);
    assert.match(await errorOf(pool.read('PING')), /connection refused/);
    await service.close();
  });

  it('refuses a wrong password with the text of the server', async () => {
    const locked = await startRedis('--requirepass', 'right');
    const base = testBase();
    const right = open(locked.address, '', base);
    assert.match(await errorOf(right.defaultHandle.read('GET', 'a')), /NOAUTH/);
    right.registerPool('good', 'standalone', { address: locked.address, password: new Secret('right') });
    right.registerPool('bad', 'standalone', { address: locked.address, password: new Secret('canary-wrong') });
    assert.equal(await right.pool('good')?.read('PING'), 'PONG');
    assert.match(await errorOf(right.pool('bad')?.read('PING') ?? assert.fail()), /WRONGPASS/);
    assert.ok(!base.lines.join('').includes('canary'));
    await right.close();
    await locked.close();
  });

  it('reads from a replica and writes to the master', async () => {
    const replica = await startRedis('--replicaof', '127.0.0.1', String(server.port));
    const service = open(server.address, `, replica: { address: "${replica.address}" }`);
    const { defaultHandle: redis } = service;
    await redis.write('SET', 'copied', 'v');
    await eventually(async () => assert.equal(await redis.read('GET', 'copied'), 'v'), 5000);
    assert.match(String(await redis.read('INFO', 'replication')), /role:slave/);
    assert.match(String(await redis.write('INFO', 'replication')), /role:master/);
    await service.close();
    await replica.close();
  });
});

describe('a Redis server that goes away', { skip: redisMissing }, () => {
  it('gives errors while it is down and works again soon after, scripts included', async () => {
    const server = await startRedis();
    const service = open(server.address);
    const { defaultHandle: redis } = service;
    await service.uploadScript(redis, 'one', 'return 1');
    await server.stop('SIGKILL');
    for (let i = 0; i < 20; i++) {
      const ms = await took(() => errorOf(redis.write('INCR', 'n')));
      assert.ok(ms < 1000, `${ms} ms`);
    }
    await server.restart();
    await eventually(() => redis.read('PING'), 2000);
    assert.equal(await redis.read('GET', 'n'), null, 'failed commands are not repeated later');
    assert.equal(await service.runScript(redis, { name: 'one', code: '', keys: [], args: [] }), 1);
    await service.close();
    await server.close();
  });

  it('does not make commands wait for ever when it hangs, and recovers', async () => {
    const server = await startRedis();
    const service = open(server.address);
    const { defaultHandle: redis } = service;
    await redis.read('PING');
    server.freeze();
    const first = await took(() => errorOf(redis.read('GET', 'a')));
    assert.ok(first < 4000, `${first} ms`);
    const second = await took(() => errorOf(redis.read('GET', 'a')));
    assert.ok(second < 500, `${second} ms`);
    server.thaw();
    await eventually(() => redis.read('PING'), 4000);
    await service.close();
    await server.close();
  });
});
