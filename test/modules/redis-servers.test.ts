/** What scripts see of Redis servers that lose their scripts, hold too much, or want TLS and passwords. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { type Certificate, makeCertificate, opensslMissing } from '../servers/certificate.ts';
import { type RedisServer, redisMissing, startRedis, startTlsRedis } from '../servers/redis.ts';
import { redisPrograms } from './redis-programs.ts';

const { opened, run, runLimited } = redisPrograms();

describe('a server', { skip: redisMissing }, () => {
  let server: RedisServer;
  before(async () => {
    server = await startRedis();
    await run(`assert(redis.register_redis_pool("flushed", "standalone", { address = "${server.address}" }) == "OK")`);
  });
  after(() => server.close());

  test('scripts are brought back after SCRIPT FLUSH, in a pipeline too', async () => {
    const lines = await run(`
      local pool = redis.get_redis_connection("flushed")
      redis.redis_upload_script(pool, "return #KEYS + #ARGV", "counted")
      print(redis.redis_run_script(pool, "return redis.call('SCRIPT', 'FLUSH')", "", {}, {}))
      print(redis.redis_run_script(pool, "", "counted", { "a" }, { "b", "c" }))
    `);
    // A script may not flush scripts; another connection does.
    assert.match(lines[0] ?? '', /^nil\tERR /);
    assert.equal(lines[1], '3\tnil');
    opened().redis.registerPool('flush', 'standalone', { address: server.address });
    await opened().redis.pool('flush')?.write('SCRIPT', 'FLUSH');
    const after = await run(`
      local pool = redis.get_redis_connection("flushed")
      local results = redis.redis_pipeline(pool, "write", { { "run_script", "counted", { "a" }, {} } })
      print(results[1].ok, results[1].value)
    `);
    assert.deepEqual(after, ['true\t1']);
  });
});

test('who asks for more than a script may have is told so, and the server goes on', async () => {
  const fill = `
    local part = string.rep("x", 2^20)
    for i = 1, 40 do redis.redis_rpush("default", "huge", part) end
  `;
  assert.deepEqual(await run(`${fill} print(redis.redis_llen("default", "huge"))`), ['40']);
  for (const source of [
    'redis.redis_lrange("default", "huge", 0, -1)',
    'redis.redis_pipeline("default", "read", { { "lrange", "huge", 0, -1 } })',
    `redis.redis_run_script("default", "return redis.call('LRANGE', 'huge', 0, -1)", "", {}, {})`,
  ]) {
    const stdout = await runLimited(`print(pcall(function() return ${source} end))`, { memoryBytes: 30 * 2 ** 20 });
    assert.match(stdout, /^false\t.*not enough memory$/m, source);
  }
  await run('assert(redis.redis_del("default", "huge") == 1)');
});

const CREDENTIALS = ['--user', 'mia', 'on', '>canary-secret', '~*', '+@all', '--requirepass', 'canary-default'];

describe('a server with TLS and passwords', { skip: redisMissing || opensslMissing }, () => {
  const folder = mkdtempSync(join(tmpdir(), 'nauthilus-redis-tls-'));
  let server: RedisServer;
  let certificate: Certificate;
  before(async () => {
    certificate = makeCertificate(folder);
    server = await startTlsRedis(certificate, ...CREDENTIALS);
  });
  after(async () => {
    await server.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const use = (name: string, options: string) =>
    run(`
      assert(redis.register_redis_pool("${name}", "standalone", { address = "${server.address}", ${options} }) == "OK")
      print(redis.redis_set(redis.get_redis_connection("${name}"), "key", "${name}"))
    `);

  test('is used with its authority, a client certificate, user name and password', async () => {
    const { certFile, keyFile } = certificate;
    const tls = `tls_enabled = true, tls_ca_file = "${certFile}", tls_cert_file = "${certFile}", tls_key_file = "${keyFile}"`;
    assert.deepEqual(await use('user', `${tls}, username = "mia", password = "canary-secret"`), ['OK']);
    assert.deepEqual(await use('default user', `${tls}, password = "canary-default"`), ['OK']);
    const wrong = await use('wrong', `${tls}, username = "mia", password = "canary-wrong"`);
    assert.match(wrong[0] ?? '', /^nil\t.*WRONGPASS/);
    assert.doesNotMatch(wrong.join(''), /canary/);
  });

  test('is refused without its authority, and without a client certificate when it wants one', async () => {
    const { certFile, keyFile } = certificate;
    const pair = `tls_cert_file = "${certFile}", tls_key_file = "${keyFile}", password = "canary-default"`;
    assert.match(
      (await use('unknown authority', `tls_enabled = true, ${pair}`))[0] ?? '',
      /^nil\t.*self-signed certificate/,
    );
    assert.deepEqual(await use('unverified', `tls_enabled = true, tls_skip_verify = true, ${pair}`), ['OK']);
    const alone = `tls_enabled = true, tls_ca_file = "${certFile}", password = "canary-default"`;
    assert.match((await use('no certificate', alone))[0] ?? '', /^nil\t/);
    assert.match(
      (await use('broken pair', `${alone}, tls_cert_file = "${keyFile}", tls_key_file = "${keyFile}"`))[0] ?? '',
      /^nil/,
    );
    assert.match((await use('plain', 'password = "canary-default"'))[0] ?? '', /^nil\t/);
  });
});
