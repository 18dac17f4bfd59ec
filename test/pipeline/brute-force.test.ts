import assert from 'node:assert/strict';
import { test } from 'node:test';
import { configText, loginHeaders, startServer } from '../login-server.ts';

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
    function nauthilus_backend_verify_password(request)
      redis.redis_incr("default", "asked")
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

const login = (password: string, client: string, more: Record<string, string> = {}) =>
  request({
    url: '/api/v1/auth/header?in-memory=0',
    headers: loginHeaders('mia', password, { 'Client-IP': client, ...more }),
  });
const asked = async () => Number((await redis.read('GET', 'asked')) ?? 0);

test('the first request over the limit is rejected without asking the backend', async () => {
  await login('wrong', '192.0.2.7');
  await login('wrong', '192.0.2.7');
  const before = await asked();
  assert.equal((await login('secret', '192.0.2.7')).status, 403);
  assert.equal(await asked(), before);
  const line = lines().findLast(({ msg }) => msg === 'Lua actions finished');
  assert.equal(line?.hit, 'small 192.0.2.7/32 2 false mia');
  assert.equal(lines().findLast(({ authenticated }) => authenticated === 'fail')?.brute_force_bucket, 'small');
});

test('the block stays and is known as a repeated one', async () => {
  assert.equal((await login('secret', '192.0.2.7')).status, 403);
  assert.equal(lines().findLast(({ msg }) => msg === 'Lua actions finished')?.hit, 'small 192.0.2.7/32 0 true mia');
  assert.equal(await redis.read('HGET', 'nt:BRUTEFORCE', '192.0.2.7/32'), 'small');
});

test('the block ends with the counter of its rule', async () => {
  await redis.write('DEL', 'nt:bf:120:32:2:4:192.0.2.7/32');
  assert.equal((await login('secret', '192.0.2.7')).status, 200);
});

test('a network is counted as a whole by the wider rule', async () => {
  await login('wrong', '203.0.113.1');
  await login('wrong', '203.0.113.2');
  assert.equal(await redis.read('GET', 'nt:bf:600:24:50:4:203.0.113.0/24'), '2');
  assert.ok(Number(await redis.read('TTL', 'nt:bf:600:24:50:4:203.0.113.0/24')) > 590);
});

test('IPv6 clients are under the rules for IPv6, mapped ones under those for IPv4', async () => {
  await login('wrong', '2001:db8::7');
  assert.equal((await login('secret', '2001:db8::8')).status, 403);
  await login('wrong', '::ffff:203.0.113.9');
  assert.equal(await redis.read('GET', 'nt:bf:120:32:2:4:203.0.113.9/32'), '1');
});

test('whitelisted and local clients and other protocols are neither counted nor blocked', async () => {
  for (const client of ['198.51.100.7', '127.0.0.1', '::1']) {
    for (let i = 0; i < 4; i++) await login('wrong', client);
    assert.equal((await login('secret', client)).status, 200, client);
  }
  for (let i = 0; i < 4; i++) await login('wrong', '192.0.2.99', { 'Auth-Protocol': 'pop3' });
  assert.equal((await login('secret', '192.0.2.99')).status, 200);
});

test('lookups are never counted', async () => {
  const headers = loginHeaders('mia', 'wrong', { 'Client-IP': '192.0.2.50' });
  for (let i = 0; i < 4; i++) await request({ url: '/api/v1/auth/header?mode=no-auth', headers });
  assert.equal(await redis.read('GET', 'nt:bf:120:32:2:4:192.0.2.50/32'), null);
});
