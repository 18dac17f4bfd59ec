import assert from 'node:assert/strict';
import http from 'node:http';
import { test } from 'node:test';
import { configText, loginHeaders, startServer } from '../login-server.ts';

const CONFIG = configText(
  'backends: [lua]\nfeatures: [brute_force]\nbrute_force_protocols: [imap]',
  `
brute_force:
  buckets: [ { name: rule, period: 60, cidr: 32, ipv4: true, failed_requests: 1000 } ]
lua:
  actions: [ { type: post, name: slow, script_path: slow.lua } ]
  config: { backend_script_path: backend.lua }
`,
);

const SOURCES = {
  'backend.lua': `
    dynamic_loader("nauthilus_misc")
    local misc = require("nauthilus_misc")
    function nauthilus_backend_verify_password(request)
      local result = nauthilus_backend_result.new()
      if string.find(request.username, "patient") then misc.wait_random(150, 151) end
      if request.username == "broken" then return 1, result end
      result:user_found(true)
      result:account_field("account")
      result:attributes({ account = request.username })
      result:authenticated(request.password == "secret")
      return 0, result
    end
    function nauthilus_backend_list_accounts(request) return 0, { "a" } end`,
  'slow.lua': `
    dynamic_loader("nauthilus_misc")
    local misc = require("nauthilus_misc")
    dynamic_loader("nauthilus_redis")
    local redis = require("nauthilus_redis")
    dynamic_loader("nauthilus_http_request")
    local http_request = require("nauthilus_http_request")
    function nauthilus_call_action(request)
      local seen = request.username .. " " .. request.password .. " " .. request.account .. " " .. request.status_message
      misc.wait_random(400, 401)
      redis.redis_incr("default", "calls")
      redis.redis_set("default", "seen:" .. request.session, seen .. " / " .. request.username .. " " .. request.account)
      redis.redis_set("default", "agent", http_request.get_http_request_header("User-Agent")[1])
      return 0
    end`,
};

const { request, settled, services, server, lines } = await startServer(CONFIG, SOURCES);
const failures = () => services.redis.defaultHandle.read('GET', 'nt:bf:60:32:1000:4:192.0.2.7/32');
const calls = () => services.redis.defaultHandle.read('GET', 'calls');

test('the answer does not wait for post actions, which still have the request', async () => {
  const headers = loginHeaders('mia', 'secret', { 'User-Agent': 'Test/2' });
  assert.equal((await request({ url: '/api/v1/auth/header', headers })).status, 200);
  assert.equal(await calls(), null);
  await settled();
  assert.equal(await calls(), '1');
  assert.equal(await services.redis.defaultHandle.read('GET', 'agent'), 'Test/2');
});

test('rejected logins and lookups have post actions too', async () => {
  await request({ url: '/api/v1/auth/header', headers: loginHeaders('mia', 'wrong') });
  await request({ url: '/api/v1/auth/header?mode=no-auth', headers: loginHeaders('mia', '') });
  await settled();
  assert.equal(await calls(), '3');
});

test('temporary failures, empty passwords and lists have none', async () => {
  await request({ url: '/api/v1/auth/header', headers: loginHeaders('broken', 'secret') });
  await request({ url: '/api/v1/auth/header', headers: loginHeaders('mia', '') });
  await request({ method: 'GET', url: '/api/v1/auth/header?mode=list-accounts' });
  await settled();
  assert.equal(await calls(), '3');
});

test('each works on what its own login was, however many follow in the meantime', async () => {
  const users = Array.from({ length: 20 }, (_, at) => `user${at}`);
  const answers = await Promise.all(
    users.map((user) => request({ url: '/api/v1/auth/header', headers: loginHeaders(user, 'secret') })),
  );
  await settled();
  for (const [at, { headers }] of answers.entries()) {
    const seen = await services.redis.defaultHandle.read('GET', `seen:${String(headers['x-nauthilus-session'])}`);
    assert.equal(seen, `${users[at]} secret ${users[at]} OK / ${users[at]} ${users[at]}`);
  }
});

test('slow ones never hold up a login', async () => {
  for (let i = 0; i < 30; i++) {
    await request({ url: '/api/v1/auth/header', headers: loginHeaders(`crowd${i}`, 'secret') });
  }
  const startedAt = performance.now();
  await request({ url: '/api/v1/auth/header', headers: loginHeaders('mia', 'secret') });
  const took = performance.now() - startedAt;
  const waiting = Number(await calls());
  assert.ok(took < 300, `${took} ms, and 30 of them take more than a second`);
  await settled();
  assert.ok(Number(await calls()) > waiting, 'they were still under way');
});

test('a client that does not wait for its answer is counted like others, and has its post actions', async () => {
  await server.listen();
  const { port } = new URL(server.url);
  const before = { calls: Number(await calls()), failures: Number(await failures()) };
  for (const [password, ends] of [
    ['secret', 'ok'],
    ['wrong', 'fail'],
  ] as const) {
    const headers = loginHeaders('patient', password);
    const sent = http.request({ host: '127.0.0.1', port, method: 'POST', path: '/api/v1/auth/header', headers });
    sent.on('error', () => undefined).end();
    await until(async () => (await services.metrics.value('server_concurrent_requests', {})) > 0);
    sent.destroy();
    await until(async () => lines().some((line) => line.username === 'patient' && line.authenticated === ends));
  }
  await settled();
  assert.equal(Number(await calls()), before.calls + 2);
  assert.equal(Number(await failures()), before.failures + 1);
  assert.equal(await services.metrics.value('server_concurrent_requests', {}), 0);
});

async function until(isTrue: () => Promise<boolean>): Promise<void> {
  for (let attempt = 0; attempt < 400; attempt++) {
    if (await isTrue()) return;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  assert.fail('it never came true');
}

test('closing the server waits for those that are queued', async () => {
  const before = Number(await calls());
  await request({ url: '/api/v1/auth/header', headers: loginHeaders('late', 'secret') });
  await server.close();
  assert.equal(Number(await calls()), before + 1);
});
