/** What scripts see of Redis servers that die, are replaced, lose their scripts, or want TLS and passwords. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { createHostLoader } from '../../compiler/cli/loader.ts';
import { createScriptEvaluator } from '../../runtime/embedded-scripts.ts';
import { describeModules } from '../../runtime/index.ts';
import type { OpenedServices } from '../../runtime/services/index.ts';
import { type Certificate, makeCertificate, opensslMissing } from '../servers/certificate.ts';
import { type RedisServer, redisMissing, startRedis, startSentinel, startTlsRedis } from '../servers/redis.ts';
import { runProgram } from './program.ts';
import { services } from './script.ts';

const PRELUDE = `
  dynamic_loader("nauthilus_redis")
  dynamic_loader("nauthilus_misc")
  local redis = require("nauthilus_redis")
  local misc = require("nauthilus_misc")
`;

let opened: OpenedServices;
before(async () => {
  const evaluate = createScriptEvaluator(createHostLoader(describeModules));
  opened = await services('', { evaluate });
});
after(() => opened.close());

/** Lines that a program prints; fails when it ends with an error. */
async function run(source: string): Promise<readonly string[]> {
  const { stdout, failure } = await runProgram(opened, PRELUDE + source, { deadlineMs: 60_000 });
  assert.equal(failure, undefined);
  return stdout.trimEnd().split('\n');
}

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

const quoted = (addresses: readonly string[]) => addresses.map((address) => `"${address}"`).join(', ');

describe('a server that is killed', { skip: redisMissing }, () => {
  let server: RedisServer;
  before(async () => {
    server = await startRedis();
  });
  after(() => server.close());

  test('in the middle of a command: the script gets a text and goes on, the pool recovers', async () => {
    await run(`
      assert(redis.register_redis_pool("killed", "standalone", { address = "${server.address}" }) == "OK")
      assert(redis.redis_upload_script(redis.get_redis_connection("killed"), "return 'uploaded'", "killed"))
    `);
    const running = run(`
      local pool = redis.get_redis_connection("killed")
      print(redis.redis_run_script(pool, "while true do end", "", {}, {}))
      local value, err = redis.redis_get(pool, "key")
      print(value, type(err))
      local results, failed = redis.redis_pipeline(pool, "write", { { "incr", "n" }, { "get", "n" } })
      print(results[1].ok, type(results[1].err), results[2].ok, type(failed))
    `);
    await pause(250);
    await server.stop('SIGKILL');
    const killed = performance.now();
    const lines = await running;
    assert.match(
      lines[0] ?? '',
      new RegExp(`^nil\t(dial tcp )?${server.address}: (EOF|read: connection reset by peer)$`),
    );
    assert.deepEqual(lines.slice(1), ['nil\tstring', 'false\tstring\tfalse\tstring']);
    assert.ok(performance.now() - killed < 1000);
    await server.restart();
    const restarted = performance.now();
    const recovered = await run(`
      local pool = redis.get_redis_connection("killed")
      local ok, err
      repeat
        ok, err = redis.redis_ping(pool)
        if err then misc.wait_random(10, 11) end
      until ok
      print(ok, redis.redis_get(pool, "n"))
      print(redis.redis_run_script(pool, "", "killed", {}, {}))
    `);
    assert.ok(performance.now() - restarted < 2000, `${performance.now() - restarted} ms`);
    assert.deepEqual(recovered, ['PONG\tnil\tredis: nil', 'uploaded\tnil']);
  });

  test('scripts are brought back after SCRIPT FLUSH, in a pipeline too', async () => {
    const lines = await run(`
      local pool = redis.get_redis_connection("killed")
      redis.redis_upload_script(pool, "return #KEYS + #ARGV", "counted")
      print(redis.redis_run_script(pool, "return redis.call('SCRIPT', 'FLUSH')", "", {}, {}))
      print(redis.redis_run_script(pool, "", "counted", { "a" }, { "b", "c" }))
    `);
    // A script may not flush scripts; another connection does.
    assert.match(lines[0] ?? '', /^nil\tERR /);
    assert.equal(lines[1], '3\tnil');
    opened.redis.registerPool('flush', 'standalone', { address: server.address });
    await opened.redis.pool('flush')?.write('SCRIPT', 'FLUSH');
    const after = await run(`
      local pool = redis.get_redis_connection("killed")
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
    const { stdout } = await runProgram(opened, `${PRELUDE} print(pcall(function() return ${source} end))`, {
      memoryBytes: 30 * 2 ** 20,
    });
    assert.match(stdout, /^false\t.*not enough memory$/m, source);
  }
  await run('assert(redis.redis_del("default", "huge") == 1)');
});

/** A master that is away is replaced soon. */
const QUICK = ['sentinel down-after-milliseconds watched 300', 'sentinel failover-timeout watched 2000'];

describe('a sentinel set', { skip: redisMissing }, () => {
  let servers: RedisServer[];
  let sentinels: RedisServer[];
  before(async () => {
    const master = await startRedis();
    const replicas = [1, 2].map(() => startRedis('--replicaof', '127.0.0.1', String(master.port)));
    servers = [master, ...(await Promise.all(replicas))];
    sentinels = await Promise.all([1, 2, 3].map(() => startSentinel('watched', master.port, QUICK)));
  });
  after(() => Promise.all([...servers, ...sentinels].map((server) => server.close())));

  test('goes on after its master died: the next commands of the script reach the new one', async () => {
    const addresses = quoted(sentinels.map(({ address }) => address));
    const ready = await run(`
      local options = { addresses = { ${addresses} }, master_name = "watched" }
      assert(redis.register_redis_pool("writer", "sentinel", options) == "OK")
      assert(redis.register_redis_pool("reader", "sentinel_replica", options) == "OK")
      local writer = redis.get_redis_connection("writer")
      local reader = redis.get_redis_connection("reader")
      assert(redis.redis_upload_script(writer, "return redis.call('GET', KEYS[1])", "reading"))
      assert(redis.redis_set(writer, "kept", "value"))
      for _ = 1, 200 do
        if redis.redis_get(reader, "kept") == "value" then break end
        misc.wait_random(20, 21)
      end
      print(redis.redis_get(reader, "kept"))
      print(redis.redis_set(reader, "kept", "other"))
    `);
    assert.equal(ready[0], 'value');
    assert.match(ready[1] ?? '', /^nil\tREADONLY /);
    // Until the sentinels know the replicas there is nothing that could take over.
    await pause(1200);
    const running = run(`
      local writer = redis.get_redis_connection("writer")
      local errors = 0
      -- Sentinels whose votes are split wait for twice the failover timeout.
      for _ = 1, 1800 do
        local _, err = redis.redis_incr(writer, "n")
        if err then errors = errors + 1 elseif errors > 0 then break end
        misc.wait_random(10, 11)
      end
      print(errors > 0, redis.redis_incr(writer, "n") ~= nil, redis.redis_get(writer, "kept"))
      print(redis.redis_run_script(writer, "", "reading", { "kept" }, {}))
    `);
    await pause(100);
    await servers[0]?.stop('SIGKILL');
    assert.deepEqual(await running, ['true\ttrue\tvalue', 'value\tnil']);
  });
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
