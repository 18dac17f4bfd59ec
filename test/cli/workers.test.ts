/** Several workers of an instance, and several instances: all of them behave as one. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import http from 'node:http';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { type RedisServer, redisMissing, startRedis } from '../servers/redis.ts';
import { makeSandbox, type RunningServer, runNode, type Sandbox, SOURCES, startServer } from './sandbox.ts';

const BACKEND = `dynamic_loader("nauthilus_redis")
local redis = require("nauthilus_redis")
function nauthilus_backend_verify_password(request)
  local result = nauthilus_backend_result.new()
  result:user_found(true)
  result:account_field("account")
  result:attributes({ account = request.username })
  result:authenticated(request.password == redis.redis_get("default", "password"))
  return 0, result
end
`;

const configuration = (redis: string, workers: number | string) => `server:
  address: "127.0.0.1:0"
  workers: ${workers}
  log: { level: info }
  backends: [cache, lua]
  features: [brute_force]
  brute_force_protocols: [imap]
  redis: { pool_size: 2, password_nonce: test, prefix: "nt:", master: { address: "${redis}" } }
brute_force:
  buckets: [ { name: rule, period: 600, cidr: 32, ipv4: true, failed_requests: 10 } ]
lua: { config: { backend_script_path: backend.lua } }
`;

const client = { 'Auth-Protocol': 'imap', 'Client-IP': '192.0.2.7' };

/** A request over a connection of its own, so that any worker may get it. */
function request(
  url: string,
  path: string,
  options: { method?: string; headers?: Record<string, string>; body?: string } = {},
): Promise<{ status: number | undefined; headers: http.IncomingHttpHeaders; body: string }> {
  return new Promise((resolve, reject) => {
    const { method = 'GET', body = '' } = options;
    const headers = { ...options.headers, 'Content-Length': Buffer.byteLength(body) };
    const sent = http.request(`${url}${path}`, { method, headers, agent: false }, (answer) => {
      let text = '';
      answer.setEncoding('utf8').on('data', (chunk: string) => {
        text += chunk;
      });
      answer.on('end', () => resolve({ status: answer.statusCode, headers: answer.headers, body: text }));
    });
    sent.on('error', reject);
    sent.end(body);
  });
}

function login(url: string, user: string, password: string, more: Record<string, string> = {}) {
  const headers = { 'Auth-User': user, 'Auth-Pass': password, ...client, ...more };
  return request(url, '/api/v1/auth/header', { method: 'POST', headers });
}

describe('workers', { skip: redisMissing }, () => {
  let redis: RedisServer;
  let sandbox: Sandbox;
  let instances: RunningServer[];
  const artifact = () => join(sandbox.folder, 'dist/nauthilus.mjs');
  const command = (...words: readonly string[]) =>
    spawnSync('redis-cli', ['-p', String(redis.port), ...words], { encoding: 'utf8' }).stdout.trim();
  const workersOf = ({ child }: RunningServer) => {
    // Older versions of Node keep a parent that restarts the process with its flags.
    const childrenOf = (pid: string) =>
      readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ').filter(Boolean);
    let found = childrenOf(String(child.pid));
    if (found.length === 1) found = childrenOf(found[0] ?? '');
    return found;
  };

  before(async () => {
    redis = await startRedis();
    const files = { 'nauthilus.yml': configuration(redis.address, 2), 'backend.lua': BACKEND };
    sandbox = makeSandbox(files);
    const { code, stderr } = await runNode([SOURCES, 'build'], sandbox.folder);
    assert.equal(code, 0, stderr);
    const start = () => startServer([artifact(), 'start', '-c', 'nauthilus.yml'], sandbox.folder);
    instances = await Promise.all([start(), start()]);
  });
  after(async () => {
    for (const instance of instances) instance.child.kill('SIGKILL');
    await redis.close();
    sandbox.remove();
  });

  const everywhere = async <T>(times: number, ask: (url: string, at: number) => Promise<T>): Promise<T[]> => {
    const urls = instances.map(({ url }) => url);
    return Promise.all(Array.from({ length: times }, (_, at) => ask(urls[at % urls.length] ?? '', at)));
  };

  test('two instances with two workers each count in one bucket, exactly', async () => {
    command('SET', 'password', 'good');
    const answers = await everywhere(60, (url, at) => login(url, `user${at}`, 'wrong'));
    assert.ok(answers.every(({ status }) => status === 403));
    assert.equal(command('HGET', 'nt:BRUTEFORCE', '192.0.2.7/32'), 'rule');
    assert.equal(command('GET', 'nt:bf:600:32:10:4:192.0.2.7/32'), '10');
    const blocked = await everywhere(8, (url) => login(url, 'ann', 'good'));
    assert.ok(blocked.every(({ status }) => status === 403));
    const body = JSON.stringify({ ip_address: '192.0.2.7', rule_name: '*' });
    await request(instances[0]?.url ?? '', '/api/v1/bruteforce/flush', { method: 'DELETE', body });
    const free = await everywhere(8, (url) => login(url, 'ann', 'good'));
    assert.ok(free.every(({ status }) => status === 200));
  });

  test('a flush on one worker makes all workers of all instances forget', async () => {
    command('SET', 'password', 'old');
    await everywhere(40, (url) => login(url, 'mia', 'old'));
    const hits = await everywhere(40, (url) => login(url, 'mia', 'old'));
    assert.ok(hits.every(({ headers }) => headers['x-nauthilus-memory-cache'] === 'Hit'));
    command('SET', 'password', 'new');
    const still = await everywhere(4, (url) => login(url, 'mia', 'old'));
    assert.ok(
      still.every(({ status }) => status === 200),
      'remembered until the flush',
    );
    const flushed = await request(instances[0]?.url ?? '', '/api/v1/cache/flush', {
      method: 'DELETE',
      body: '{"user":"mia"}',
    });
    assert.equal(JSON.parse(flushed.body).result.status, 'flushed');
    await new Promise((resolve) => setTimeout(resolve, 100));
    const refused = await everywhere(40, (url) => login(url, 'mia', 'old'));
    assert.ok(refused.every(({ status }) => status === 403));
  });

  test('a changed password ends the old one on all workers', async () => {
    command('SET', 'password', 'first');
    await everywhere(40, (url) => login(url, 'eva', 'first'));
    command('SET', 'password', 'second');
    assert.equal((await login(instances[1]?.url ?? '', 'eva', 'second')).status, 200);
    await new Promise((resolve) => setTimeout(resolve, 100));
    const refused = await everywhere(20, (url) => login(url, 'eva', 'first', { 'Client-IP': '192.0.2.9' }));
    assert.ok(refused.every(({ status }) => status === 403));
  });

  test('every worker shows the metrics of the whole instance', async () => {
    const url = instances[0]?.url ?? '';
    const pages = await Promise.all(Array.from({ length: 6 }, () => request(url, '/metrics')));
    const counts = pages.map(({ body }) => /^logins_total\{logins="success"\} (\d+)$/m.exec(body)?.[1]);
    assert.equal(new Set(counts).size, 1, String(counts));
    assert.ok(Number(counts[0]) > 20);
    assert.match(pages[0]?.body ?? '', /^nauthilus_version_info\{.*\} 1$/m);
  });

  test('a worker that dies is replaced, and the others go on', { skip: process.platform !== 'linux' }, async () => {
    const [instance] = instances;
    assert.ok(instance);
    const [victim] = workersOf(instance);
    process.kill(Number(victim), 'SIGKILL');
    command('SET', 'password', 'good');
    await instance.waitFor(/ended with signal SIGKILL and is replaced/);
    for (let i = 0; i < 200 && workersOf(instance).length < 2; i++) await new Promise((r) => setTimeout(r, 25));
    assert.equal(workersOf(instance).length, 2);
    assert.ok(!workersOf(instance).includes(victim ?? ''));
    assert.equal((await login(instance.url, 'kim', 'good')).status, 200);
  });

  test('SIGHUP reaches all workers', async () => {
    const [, instance] = instances;
    assert.ok(instance);
    instance.child.kill('SIGHUP');
    await instance.waitFor(/(Reloading configuration file finished[\s\S]*){2}/);
  });

  test('a signal ends all workers, with their requests answered', async () => {
    for (const instance of instances)
      assert.equal(await instance.stop(), 0, instance.stderr() + instance.stdout().slice(-1500));
  });

  test('workers that cannot start end the command with the reason', async () => {
    const text = configuration(redis.address, 2).replace('127.0.0.1:0', redis.address);
    sandbox.write('taken.yml', text);
    const { code, stderr } = await runNode([artifact(), 'start', '-c', 'taken.yml'], sandbox.folder);
    assert.equal(code, 1);
    assert.match(stderr, /cannot start: .*EADDRINUSE/);
  });

  test('several workers without Redis are refused', async () => {
    const text = configuration('x', 3).replace(/, master: .*\}/, ' }');
    sandbox.write('lonely.yml', text);
    const { code, stderr } = await runNode([artifact(), 'check', '-c', 'lonely.yml'], sandbox.folder);
    assert.equal(code, 1);
    assert.match(stderr, /server\.workers.*3 workers need a Redis server/);
  });
});
