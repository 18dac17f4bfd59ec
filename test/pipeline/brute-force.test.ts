import assert from 'node:assert/strict';
import { test } from 'node:test';
import { configText, loginHeaders, startServer, type TestServer } from '../login-server.ts';

const CONFIG = configText(
  `
backends: [lua]
features: [brute_force]
brute_force_protocols: [imap]
`,
  `
brute_force:
  ip_whitelist: [ 198.51.100.0/24 ]
  buckets:
    - { name: small, period: 120, cidr: 32, ipv4: true, failed_requests: 2 }
    - { name: wide, period: 600, cidr: 24, ipv4: true, failed_requests: 50 }
    - { name: six, period: 60, cidr: 64, ipv6: true, failed_requests: 1 }
lua:
  actions: [ { type: brute_force, name: alarm, script_path: action.lua } ]
  config: { backend_script_path: backend.lua }
`,
);

const SOURCES = {
  'backend.lua': `
    dynamic_loader("nauthilus_redis")
    local redis = require("nauthilus_redis")
    dynamic_loader("nauthilus_misc")
    local misc = require("nauthilus_misc")
    function nauthilus_backend_verify_password(request)
      redis.redis_incr("default", "asked")
      if request.username == "slow" then misc.wait_random(150, 151) end
      local result = nauthilus_backend_result.new()
      result:user_found(true)
      result:account_field("account")
      result:attributes({ account = request.username })
      result:authenticated(request.password == "secret")
      return 0, result
    end`,
  'action.lua': `
    function nauthilus_call_action(request)
      nauthilus_builtin.custom_log_add("hit", request.brute_force_bucket .. " " .. request.client_net .. " "
        .. tostring(request.brute_force_counter) .. " " .. tostring(request.repeating) .. " " .. request.account)
      return 0
    end`,
};

const { request, services, lines } = await startServer(CONFIG, SOURCES);
const redis = services.redis.defaultHandle;

let made = 0;
/** A wrong password that was not tried before. */
const wrong = () => `wrong${++made}`;
const login = (password: string, client: string, more: Record<string, string> = {}) =>
  request({
    url: '/api/v1/auth/header?in-memory=0',
    headers: loginHeaders('mia', password, { 'Client-IP': client, ...more }),
  });
/** What the action has logged last; the line of post actions, which comes later, has nothing of it. */
const lastHit = () => lines().findLast(({ hit }) => hit !== undefined)?.hit;
const asked = async () => Number((await redis.read('GET', 'asked')) ?? 0);

test('the first request over the limit is rejected without asking the backend', async () => {
  await login(wrong(), '192.0.2.7');
  await login(wrong(), '192.0.2.7');
  const before = await asked();
  assert.equal((await login('secret', '192.0.2.7')).status, 403);
  assert.equal(await asked(), before);
  assert.equal(lastHit(), 'small 192.0.2.7/32 2 false mia');
  assert.equal(lines().findLast(({ authenticated }) => authenticated === 'fail')?.brute_force_bucket, 'small');
});

test('the block stays and is known as a repeated one', async () => {
  assert.equal((await login('secret', '192.0.2.7')).status, 403);
  assert.equal(lastHit(), 'small 192.0.2.7/32 0 true mia');
  assert.equal(await redis.read('HGET', 'nt:BRUTEFORCE', '192.0.2.7/32'), 'small');
});

test('the block ends with the counter of its rule', async () => {
  await redis.write('DEL', 'nt:bf:120:32:2:4:192.0.2.7/32');
  assert.equal((await login('secret', '192.0.2.7')).status, 200);
});

test('a network is counted as a whole by the wider rule', async () => {
  await login(wrong(), '203.0.113.1');
  await login(wrong(), '203.0.113.2');
  assert.equal(await redis.read('GET', 'nt:bf:600:24:50:4:203.0.113.0/24'), '2');
  assert.ok(Number(await redis.read('TTL', 'nt:bf:600:24:50:4:203.0.113.0/24')) > 590);
});

test('IPv6 clients are under the rules for IPv6, mapped ones under those for IPv4', async () => {
  await login(wrong(), '2001:db8::7');
  assert.equal((await login('secret', '2001:db8::8')).status, 403);
  await login(wrong(), '::ffff:203.0.113.9');
  assert.equal(await redis.read('GET', 'nt:bf:120:32:2:4:203.0.113.9/32'), '1');
});

test('whitelisted and local clients and other protocols are neither counted nor blocked', async () => {
  for (const client of ['198.51.100.7', '127.0.0.1', '::1']) {
    for (let i = 0; i < 4; i++) await login(wrong(), client);
    assert.equal((await login('secret', client)).status, 200, client);
  }
  for (let i = 0; i < 4; i++) await login(wrong(), '192.0.2.99', { 'Auth-Protocol': 'pop3' });
  assert.equal((await login('secret', '192.0.2.99')).status, 200);
});

test('lookups are never counted', async () => {
  const headers = loginHeaders('mia', wrong(), { 'Client-IP': '192.0.2.50' });
  for (let i = 0; i < 4; i++) await request({ url: '/api/v1/auth/header?mode=no-auth', headers });
  assert.equal(await redis.read('GET', 'nt:bf:120:32:2:4:192.0.2.50/32'), null);
});

test('failures at the same time are counted exactly, and block', async () => {
  const answers = await Promise.all(Array.from({ length: 40 }, () => login(wrong(), '198.18.0.77')));
  assert.ok(answers.every(({ status }) => status === 403));
  assert.equal(await redis.read('GET', 'nt:bf:120:32:2:4:198.18.0.77/32'), '2');
  assert.equal(await redis.read('HGET', 'nt:BRUTEFORCE', '198.18.0.77/32'), 'small');
});

test('a right guess among many wrong ones at the same time is refused once they have failed', async () => {
  const guess = (user: string, password: string) =>
    request({
      url: '/api/v1/auth/header?in-memory=0',
      headers: loginHeaders(user, password, { 'Client-IP': '198.18.1.77' }),
    });
  const right = guess('slow', 'secret');
  const others = await Promise.all(Array.from({ length: 20 }, () => guess('mia', wrong())));
  assert.ok(others.every(({ status }) => status === 403));
  assert.equal((await right).status, 403);
  const line = lines().findLast(({ username }) => username === 'slow');
  assert.deepEqual([line?.authenticated, line?.brute_force_bucket], ['fail', 'small']);
});

test('right passwords at the same time all pass, however small the limit', async () => {
  const answers = await Promise.all(Array.from({ length: 20 }, () => login('secret', '198.18.0.78')));
  assert.deepEqual([...new Set(answers.map(({ status }) => status))], [200]);
  assert.deepEqual(await redis.scan('nt:bf*198.18.0.78*'), []);
});

test('the same wrong password of the same user counts once, whoever else is behind the address stays free', async () => {
  for (let i = 0; i < 8; i++) assert.equal((await login('outdated', '192.0.2.79')).status, 403);
  assert.equal(await redis.read('GET', 'nt:bf:120:32:2:4:192.0.2.79/32'), '1');
  assert.equal((await login('secret', '192.0.2.79')).status, 200);
});

test('tries count after all once the user sends different wrong passwords', async () => {
  for (const password of ['first', 'first', 'first', 'first', 'second']) await login(password, '192.0.2.80');
  assert.equal((await redis.read('GET', 'nt:bf:600:24:50:4:192.0.2.0/24')) !== null, true);
  assert.equal(await redis.read('GET', 'nt:bf:120:32:2:4:192.0.2.80/32'), '4');
});

test('a known user may repeat a mistake while the network is blocked, nothing else', async () => {
  await login('mine', '192.0.2.81');
  await login('mine', '192.0.2.81');
  for (const user of ['x', 'y', 'z']) {
    const headers = loginHeaders(user, wrong(), { 'Client-IP': '192.0.2.81' });
    await request({ url: '/api/v1/auth/header?in-memory=0', headers });
  }
  const before = await asked();
  assert.equal((await login('mine', '192.0.2.81')).status, 403);
  assert.equal(await asked(), before + 1, 'the backend was asked');
  assert.equal((await login(wrong(), '192.0.2.81')).status, 403);
  assert.equal((await login('secret', '192.0.2.81')).status, 403);
  assert.equal(await asked(), before + 1, 'it was not asked again');
  assert.ok(lines().some(({ brute_force: text }) => text === 'Repeating wrong password'));
});

test('administrators see and lift a block', async () => {
  const list = async () => JSON.parse((await request({ method: 'GET', url: '/api/v1/bruteforce/list' })).body).result;
  const [networks, accounts] = await list();
  assert.equal(networks.ip_addresses['192.0.2.81/32'], 'small');
  assert.deepEqual(accounts.accounts.mia.includes('192.0.2.81'), true);
  const body = JSON.stringify({ ip_address: '192.0.2.81', rule_name: '*' });
  assert.equal((await request({ method: 'DELETE', url: '/api/v1/bruteforce/flush', body })).status, 200);
  assert.equal((await list())[0].ip_addresses['192.0.2.81/32'], undefined);
  assert.equal((await login('secret', '192.0.2.81')).status, 200);
});

test('a block whose counter has ended is listed no more', async () => {
  await redis.write('HSET', 'nt:BRUTEFORCE', '192.0.2.200/32', 'small');
  const { body } = await request({ method: 'GET', url: '/api/v1/bruteforce/list' });
  assert.equal(JSON.parse(body).result[0].ip_addresses['192.0.2.200/32'], undefined);
});

test('masters have no history, and every failure of theirs counts', async () => {
  const text = CONFIG.replace('backends:', 'master_user: { enabled: true }\n  backends:');
  const { request: ask, services: own } = await startServer(text, SOURCES);
  const headers = loginHeaders('mia*root', 'same', { 'Client-IP': '198.18.9.8' });
  for (let i = 0; i < 2; i++) await ask({ url: '/api/v1/auth/header', headers });
  assert.equal(await own.redis.defaultHandle.read('GET', 'nt:bf:120:32:2:4:198.18.9.8/32'), '2');
  assert.deepEqual(await own.redis.defaultHandle.scan('nt:PW_HIST*'), []);
});

test('the history is in JSON answers only where the configuration says so', async () => {
  const ask = async (server: Pick<TestServer, 'request'>) => {
    const body = JSON.stringify({ username: 'mia', password: 'bad', service: 'imap', client_ip: '198.18.9.9' });
    const headers = { 'content-type': 'application/json' };
    return (await server.request({ url: '/api/v1/auth/json?in-memory=0', headers, body })).body;
  };
  assert.equal(await ask({ request }), 'null');
  const open = await startServer(CONFIG.replace('brute_force:\n', 'brute_force:\n  expose_history: true\n'), SOURCES);
  await ask(open);
  const shown = JSON.parse(await ask(open));
  assert.deepEqual(Object.values(shown), [2]);
  assert.match(Object.keys(shown)[0] ?? '', /^[0-9a-f]{8}$/);
});
