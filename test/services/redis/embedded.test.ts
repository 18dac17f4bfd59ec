/** The embedded store behaves as a real server: the same commands run on both, replies and errors must agree. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import fc from 'fast-check';
import {
  openRedis,
  RedisError,
  type RedisHandle,
  type RedisReply,
  type RedisService,
} from '../../../runtime/services/redis/index.ts';
import { type RedisServer, redisMissing, startRedis } from '../../servers/redis.ts';
import { testBase, testClock, testConfig } from '../base.ts';

type Line = readonly (string | number)[];

/** Reply of a command, or its error text. */
async function run(handle: RedisHandle, [command = '', ...args]: Line): Promise<RedisReply | { error: string }> {
  try {
    return await handle.write(String(command), ...args);
  } catch (error) {
    assert.ok(error instanceof RedisError);
    return { error: error.message };
  }
}

/** Commands whose order is Redis's own business. */
const UNORDERED = /^(SMEMBERS|HKEYS|HVALS|KEYS|HGETALL|SCAN|HSCAN|SSCAN)$/;

function comparable(line: Line, reply: RedisReply | { error: string }): unknown {
  return Array.isArray(reply) && UNORDERED.test(String(line[0]).toUpperCase())
    ? reply.flat().map(String).sort()
    : reply;
}

describe('the embedded store', () => {
  it('is what a configuration without any Redis address gets', async () => {
    const service = openRedis(testConfig().server.redis, testBase());
    assert.equal(service.isShared, false);
    assert.equal(await service.defaultHandle.read('PING'), 'PONG');
    await service.close();
  });

  it('forgets keys when their time is over, asked for or not', async () => {
    const clock = testClock();
    const service = openRedis(testConfig().server.redis, { ...testBase(), clock });
    const { defaultHandle: redis } = service;
    await redis.write('SET', 'a', '1', 'EX', 10);
    await redis.write('SET', 'b', '1', 'PX', 1500);
    assert.equal(await redis.read('TTL', 'a'), 10);
    clock.advance(1499);
    assert.equal(await redis.read('EXISTS', 'a', 'b'), 2);
    clock.advance(1);
    assert.equal(await redis.read('GET', 'b'), null);
    clock.advance(9000);
    assert.equal(await redis.read('DBSIZE'), 0);
    await service.close();
  });

  it('keeps bytes as they are', async () => {
    const service = openRedis(testConfig().server.redis, testBase());
    await service.defaultHandle.write('SET', 'k\xff', 'v\x00\xfe');
    assert.equal(await service.defaultHandle.read('GET', 'k\xff'), 'v\x00\xfe');
    await service.close();
  });

  it('says clearly that it cannot run Lua when nobody handed it an engine', async () => {
    const service = openRedis(testConfig().server.redis, testBase());
    const script = { name: '', code: 'return 1', keys: [], args: [] };
    await assert.rejects(service.runScript(service.defaultHandle, script), /cannot run Lua scripts/);
    assert.match(
      await service.uploadScript(service.defaultHandle, 'n', 'return 1'),
      /^e0e1f9fabfc9d4800c877a703b823ac0578ff8db$/,
    );
    await service.close();
  });

  it('runs Lua with the engine it is handed, keys and arguments apart, commands at hand', async () => {
    const service = openRedis(testConfig().server.redis, {
      ...testBase(),
      evaluate: (code, keys, args, call) => [code, call('SET', [keys[0] ?? '', args[0] ?? '']), call('GET', [...keys])],
    });
    const script = { name: '', code: 'CODE', keys: ['k'], args: ['v'] };
    assert.deepEqual(await service.runScript(service.defaultHandle, script), ['CODE', 'OK', 'v']);
    await service.close();
  });

  it('refuses commands after it was closed', async () => {
    const service = openRedis(testConfig().server.redis, testBase());
    await service.close();
    await assert.rejects(service.defaultHandle.read('PING'), /client is closed/);
  });
});

describe('the embedded store beside a real server', { skip: redisMissing }, () => {
  let server: RedisServer;
  let real: RedisService;
  let embedded: RedisService;

  before(async () => {
    server = await startRedis();
    const redis = `redis: { pool_size: 1, password_nonce: x, master: { address: "${server.address}" } }`;
    real = openRedis(testConfig({ server: [redis] }).server.redis, testBase());
    embedded = openRedis(testConfig().server.redis, testBase());
  });

  after(async () => {
    await Promise.all([real.close(), embedded.close()]);
    await server.close();
  });

  /** Runs the lines on both from an empty store and compares line by line. */
  async function compare(lines: readonly Line[]): Promise<void> {
    await Promise.all([run(real.defaultHandle, ['FLUSHALL']), run(embedded.defaultHandle, ['FLUSHALL'])]);
    for (const line of lines) {
      const expected = await run(real.defaultHandle, line);
      const actual = await run(embedded.defaultHandle, line);
      assert.deepEqual(comparable(line, actual), comparable(line, expected), line.join(' '));
    }
  }

  const text = (lines: string): Line[] =>
    lines
      .trim()
      .split('\n')
      .map((line) => line.trim().split(' '));

  it('agrees about strings, counters and options of SET', () =>
    compare(
      text(`
        SET a 1
        GET a
        GET none
        SET a 2 NX
        SET a 3 XX
        SET b 1 XX
        SET a 4 GET
        SET a 5 NX GET
        SET a 1 NX XX
        SET a 1 EX 0
        SET a 1 EX x
        SET a 1 EX 10 PX 10
        SET a 1 NONSENSE
        SET a 1 EX 100
        TTL a
        SET a 2 KEEPTTL
        TTL a
        SET a 3
        TTL a
        INCR a
        INCRBY a 10
        DECR a
        DECRBY a 3
        INCR text
        SET text x
        INCR text
        INCRBY a x
        INCRBYFLOAT a 1.5
        INCRBYFLOAT a 0.1
        INCRBYFLOAT a -11.6
        INCRBYFLOAT a x
        SET max 9007199254740993
        GET max
        APPEND a xyz
        STRLEN a
        STRLEN none
        GETRANGE a 0 1
        GETRANGE a -3 -1
        SETNX a 1
        SETNX n 1
        SETEX s 10 v
        SETEX s 0 v
        TTL s
        GETSET s w
        TTL s
        GETDEL s
        GET s
        MSET x 1 y 2
        MSET x
        MSET x 1 y
        MGET x y z
        GETEX x EX 100
        TTL x
        GETEX x PERSIST
        TTL x
        GET
        GET a b`),
    ));

  it('agrees about keys and life times', () =>
    compare(
      text(`
        SET a 1
        EXPIRE a 100
        TTL a
        EXPIRE a 50 GT
        EXPIRE a 200 GT
        EXPIRE a 300 LT
        EXPIRE a 20 NX
        EXPIRE a 20 XX
        EXPIRE a 20 YY
        TTL a
        PERSIST a
        PERSIST a
        TTL a
        TTL none
        PTTL none
        EXPIRE none 5
        EXPIRE a x
        EXPIRE a 0
        EXISTS a
        SET a 1
        EXPIRE a -5
        GET a
        SET a 1
        SET b 2
        EXISTS a b c a
        TYPE a
        TYPE none
        RENAME a c
        RENAME a c
        RENAMENX c b
        RENAMENX c d
        KEYS *
        KEYS b*
        KEYS [a-c]
        KEYS [^b]
        KEYS ?
        DEL b d none
        DBSIZE
        UNLINK none
        PING
        PING hello
        ECHO x
        RPUSH l 1
        EXPIREAT l 1
        EXISTS l`),
    ));

  it('agrees about hashes', () =>
    compare(
      text(`
        HSET h a 1 b 2
        HSET h a 2 c 3
        HSET h a
        HSET h a 1 b
        HGET h a
        HGET h none
        HGET none a
        HMGET h a none c
        HGETALL h
        HGETALL none
        HKEYS h
        HVALS h
        HLEN h
        HLEN none
        HEXISTS h a
        HEXISTS h none
        HSETNX h a 9
        HSETNX h new 9
        HINCRBY h a 5
        HINCRBY h a x
        HINCRBY h fresh 2
        HSET h t text
        HINCRBY h t 1
        HINCRBYFLOAT h f 1.25
        HINCRBYFLOAT h f 0.05
        HINCRBYFLOAT h t 1
        HSTRLEN h t
        HDEL h a none
        HDEL h b c new fresh t f
        EXISTS h
        HMSET h a 1
        HSCAN h 0 MATCH a*
        SET s 1
        HGET s a
        HSET s a 1
        GET h`),
    ));

  it('agrees about sets and sorted sets', () =>
    compare(
      text(`
        SADD s a b c
        SADD s a d
        SADD s
        SISMEMBER s a
        SISMEMBER s z
        SMISMEMBER s a z
        SMEMBERS s
        SCARD s
        SREM s a z
        SREM none a
        SREM s b c d
        EXISTS s
        ZADD z 1 a 2 b 3 c
        ZADD z 5 a
        ZADD z NX 9 a 4 d
        ZADD z XX 1 a 1 e
        ZADD z GT CH 0 a 7 b
        ZADD z LT 1 b
        ZADD z INCR 2 b
        ZADD z NX INCR 2 b
        ZADD z NX XX 1 a
        ZADD z GT LT 1 a
        ZADD z GT NX 1 a
        ZADD z x a
        ZADD z 1
        ZSCORE z b
        ZSCORE z none
        ZCARD z
        ZINCRBY z 1.5 b
        ZRANK z b
        ZREVRANK z b
        ZRANK z none
        ZRANGE z 0 -1
        ZRANGE z 0 -1 WITHSCORES
        ZRANGE z -2 5
        ZRANGE z 5 2
        ZREVRANGE z 0 1 WITHSCORES
        ZRANGEBYSCORE z -inf +inf
        ZRANGEBYSCORE z (1 4 WITHSCORES
        ZRANGEBYSCORE z 0 9 LIMIT 1 2
        ZRANGEBYSCORE z x 9
        ZREVRANGEBYSCORE z +inf 2
        ZCOUNT z 1 3
        ZREMRANGEBYSCORE z 0 1
        ZREMRANGEBYRANK z 0 0
        ZPOPMIN z
        ZPOPMAX z 5
        EXISTS z
        ZADD z 1 b 1 a 1 c
        ZRANGE z 0 -1
        SADD z x`),
    ));

  it('agrees about lists', () =>
    compare(
      text(`
        RPUSH l a b c
        LPUSH l x y
        LPUSHX none x
        RPUSHX l d
        LRANGE l 0 -1
        LRANGE l 1 2
        LRANGE l -2 -1
        LRANGE l 5 9
        LRANGE l 2 1
        LLEN l
        LINDEX l 0
        LINDEX l -1
        LINDEX l 99
        LSET l 0 z
        LSET l 99 z
        LSET none 0 z
        LPOP l
        RPOP l
        LPOP l 2
        RPOP l 2
        LPOP l
        LPOP l 2
        LPOP l -1
        EXISTS l
        RPUSH l a b a c a
        LREM l 2 a
        LRANGE l 0 -1
        LREM l -1 a
        LREM l 0 none
        LTRIM l 0 0
        LRANGE l 0 -1
        RPOPLPUSH l m
        EXISTS l
        LRANGE m 0 -1
        LTRIM m 5 9
        EXISTS m`),
    ));

  it('agrees about HyperLogLogs, also where they are not exact', () => {
    const members = (from: number, to: number) =>
      Array.from({ length: to - from }, (_, index) => `member ${from + index}`);
    return compare([
      ['PFADD', 'h'],
      ['PFADD', 'h'],
      ['PFCOUNT', 'h'],
      ['PFADD', 'h', 'a', 'b', ''],
      ['PFADD', 'h', 'a'],
      ['PFCOUNT', 'h'],
      ['PFCOUNT', 'none'],
      ['TYPE', 'h'],
      ...members(0, 200).map((member): Line => ['PFADD', 'one', member]),
      ['PFADD', 'one', ...members(200, 5000)],
      ['PFCOUNT', 'one'],
      ['PFADD', 'two', ...members(3000, 30_000)],
      ['PFCOUNT', 'two'],
      ['PFCOUNT', 'one', 'two', 'none'],
      ['PFMERGE', 'all', 'one', 'two', 'none'],
      ['PFCOUNT', 'all'],
      ['PFMERGE', 'new'],
      ['PFCOUNT', 'new'],
      ['SET', 's', 'x'],
      ['PFADD', 's', 'a'],
      ['PFCOUNT', 's'],
      ['PFCOUNT', 'one', 's'],
      ['PFMERGE', 'all', 's'],
      ['SADD', 'set', 'x'],
      ['PFADD', 'set', 'a'],
      ['PFADD'],
      ['PFCOUNT'],
      ['DEL', 'one'],
    ]);
  });

  it('agrees about random programs', async () => {
    const key = fc.constantFrom('a', 'b', 'c');
    const member = fc.constantFrom('x', 'y', '1', '2.5', '-3', '');
    const number = fc.oneof(fc.integer({ min: -5, max: 5 }), fc.constant('1.5'), fc.constant('z'));
    const line: fc.Arbitrary<Line> = fc.oneof(
      fc.tuple(
        fc.constantFrom(
          'GET',
          'DEL',
          'TYPE',
          'STRLEN',
          'INCR',
          'SCARD',
          'HLEN',
          'LLEN',
          'ZCARD',
          'SMEMBERS',
          'HGETALL',
        ),
        key,
      ),
      fc.tuple(
        fc.constantFrom('SET', 'APPEND', 'SADD', 'SREM', 'RPUSH', 'LPUSH', 'HDEL', 'HGET', 'SETNX', 'GETSET', 'ZSCORE'),
        key,
        member,
      ),
      fc.tuple(fc.constantFrom('INCRBY', 'INCRBYFLOAT', 'LINDEX'), key, number),
      fc.tuple(fc.constantFrom('HINCRBY', 'HINCRBYFLOAT', 'HSET'), key, member, number),
      fc.tuple(fc.constantFrom('ZADD', 'ZINCRBY', 'LREM'), key, number, member),
      fc.tuple(fc.constantFrom('LRANGE', 'ZRANGE', 'GETRANGE', 'LTRIM'), key, number, number),
      fc.tuple(fc.constantFrom('RENAME', 'RENAMENX'), key, key),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(line, { maxLength: 40 }), async (lines) => compare(lines)),
      { numRuns: 60 },
    );
  });
});
