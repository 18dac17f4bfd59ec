/** Lua scripts of Redis on the store without a server: run by our own engine, results as a real server gives them. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { createHostLoader } from '../compiler/cli/loader.ts';
import { createScriptEvaluator } from '../runtime/embedded-scripts.ts';
import { describeModules } from '../runtime/index.ts';
import { openRedis, RedisError, type RedisReply, type RedisService } from '../runtime/services/redis/index.ts';
import { type RedisServer, redisMissing, startRedis } from './servers/redis.ts';
import { testBase, testConfig } from './services/base.ts';

function openEmbedded(): RedisService {
  const evaluate = createScriptEvaluator(createHostLoader(describeModules));
  return openRedis(testConfig().server.redis, { ...testBase(), evaluate });
}

async function run(service: RedisService, code: string): Promise<RedisReply | { error: string }> {
  try {
    return await service.runScript(service.defaultHandle, { name: '', code, keys: ['k1', 'k2'], args: ['a1', '7'] });
  } catch (error) {
    assert.ok(error instanceof RedisError);
    return { error: error.message };
  }
}

/** Bodies whose replies must be those of a real server. */
const SCRIPTS = [
  'return 1',
  'return 3.99',
  'return -3.99',
  "return 'text'",
  'return true',
  'return false',
  'return nil',
  'return',
  'return {1, 2.5, "x", true, false, {3}}',
  'return {1, nil, 3}',
  'return {}',
  'return {KEYS[1], KEYS[2], ARGV[1], ARGV[2], #KEYS, #ARGV}',
  "return redis.call('SET', KEYS[1], ARGV[1])",
  "return redis.call('GET', KEYS[1])",
  "return redis.call('GET', 'missing')",
  "return redis.call('GET', 'missing') == false",
  "return redis.call('SET', KEYS[1], 1).ok",
  "return redis.call('INCR', KEYS[2]) + redis.call('incrby', KEYS[2], 10)",
  "redis.call('HSET', 'h', 'f', 1, 'g', 2) return redis.call('HMGET', 'h', 'f', 'g', 'none')",
  "return redis.call('RPUSH', 'l', 'a', 'b', 3)",
  "return redis.call('LRANGE', 'l', 0, -1)",
  "return redis.pcall('SADD', 'l', 1).err",
  "return redis.pcall('SADD', 'l', 1)",
  "return redis.error_reply('MY error')",
  "return redis.status_reply('FINE')",
  "return {err = 'ERR custom'}",
  "return {ok = 'FINE'}",
  "return pcall(redis.call, 'SADD', 'l', 1)",
  'local sum = 0 for i = 1, 10 do sum = sum + tonumber(ARGV[2]) end return sum',
  "return string.format('%s-%d', ARGV[1], ARGV[2])",
  'local t = {3, 1, 2} table.sort(t) return t',
  'return math.max(1, 5)',
  "return type(redis.call('TIME')[1])",
];

describe('a Redis script on the embedded store', () => {
  it('counts up and lets the key expire in one step', async () => {
    const service = openEmbedded();
    const { defaultHandle: redis } = service;
    const code = `
      local count = redis.call("INCR", KEYS[1])
      if count == 1 then redis.call("EXPIRE", KEYS[1], ARGV[1]) end
      return count`;
    await service.uploadScript(redis, 'count', code);
    const count = () => service.runScript(redis, { name: 'count', code: '', keys: ['hits'], args: ['3600'] });
    assert.deepEqual(await Promise.all([count(), count(), count()]), [1, 2, 3]);
    assert.equal(await redis.read('TTL', 'hits'), 3600);
    await service.close();
  });

  it('reports errors of the script with line, of commands with their text, and of the syntax', async () => {
    const service = openEmbedded();
    assert.deepEqual(await run(service, "\nerror('boom')"), { error: 'ERR user_script:2: boom' });
    assert.deepEqual(await run(service, "return redis.call('NOSUCH')"), {
      error: "ERR unknown command 'NOSUCH' in the store without a server",
    });
    const { error } = (await run(service, 'return +')) as { error: string };
    assert.match(error, /^ERR Error compiling script: user_script:1: unexpected symbol near/);
    await service.close();
  });

  it('keeps nothing between runs and sees no files, modules or host functions', async () => {
    const service = openEmbedded();
    await run(service, 'leaked = 1 string.rep = nil');
    assert.deepEqual(await run(service, 'return {tostring(leaked), type(string.rep)}'), ['nil', 'function']);
    assert.deepEqual(await run(service, 'return {type(io), type(os), type(require), type(dofile), type(loadfile)}'), [
      'nil',
      'nil',
      'nil',
      'nil',
      'nil',
    ]);
    await service.close();
  });

  it('does not stop the server for ever', async () => {
    const service = openEmbedded();
    const start = performance.now();
    const { error } = (await run(service, 'while true do end')) as { error: string };
    assert.match(error, /^ERR script ended/);
    assert.ok(performance.now() - start < 6000);
    assert.equal(await service.defaultHandle.read('PING'), 'PONG');
    await service.close();
  });
});

describe('Redis scripts beside a real server', { skip: redisMissing }, () => {
  let server: RedisServer;
  let real: RedisService;
  let embedded: RedisService;

  before(async () => {
    server = await startRedis();
    const redis = `redis: { pool_size: 1, password_nonce: x, master: { address: "${server.address}" } }`;
    real = openRedis(testConfig({ server: [redis] }).server.redis, testBase());
    embedded = openEmbedded();
  });
  after(async () => {
    await Promise.all([real.close(), embedded.close()]);
    await server.close();
  });

  for (const code of SCRIPTS) {
    it(`reply the same: ${code}`, async () => {
      assert.deepEqual(await run(embedded, code), await run(real, code));
    });
  }
});
