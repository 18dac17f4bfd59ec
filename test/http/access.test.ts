/** Who may ask, who is believed to be whom, and how much at a time. */
import assert from 'node:assert/strict';
import http from 'node:http';
import { test } from 'node:test';
import { configText, loginHeaders, startServer } from '../login-server.ts';

const SOURCES = {
  'backend.lua': `
    dynamic_loader("nauthilus_misc")
    local misc = require("nauthilus_misc")
    function nauthilus_backend_verify_password(request)
      if request.username == "slow" then misc.wait_random(200, 201) end
      local result = nauthilus_backend_result.new()
      result:user_found(true)
      result:account_field("account")
      result:attributes({ account = request.username, ip = request.client_ip, port = request.client_port,
        host = request.client_hostname, ssl = request.ssl, dn = request.ssl_issuer_dn })
      result:authenticated(true)
      return 0, result
    end`,
};
const LUA = 'lua: { config: { backend_script_path: backend.lua } }';
const CREDENTIALS = { Authorization: `Basic ${Buffer.from('api:api secret').toString('base64')}` };

test('with basic_auth the API asks for credentials, everything else does not', async () => {
  const { request } = await startServer(
    configText('backends: [lua]\nbasic_auth: { enabled: true, username: api, password: "api secret" }', LUA),
    SOURCES,
  );
  const login = (more: Record<string, string>) =>
    request({ url: '/api/v1/auth/header', headers: loginHeaders('mia', 'x', more) });
  assert.equal((await login(CREDENTIALS)).status, 200);
  const none = await login({});
  assert.equal(none.status, 401);
  assert.equal(none.headers['www-authenticate'], 'Basic realm="restricted", charset="UTF-8"');
  assert.equal((await login({ Authorization: `Basic ${Buffer.from('api:wrong').toString('base64')}` })).status, 403);
  assert.equal((await request({ method: 'GET', url: '/api/v1/some/thing' })).status, 401);
  assert.equal((await request({ method: 'GET', url: '/api/v1/some/thing', headers: CREDENTIALS })).status, 404);
  assert.equal((await request({ method: 'GET', url: '/ping' })).status, 200);
  const user = { Authorization: `Basic ${Buffer.from('mia:x').toString('base64')}` };
  assert.equal((await request({ method: 'GET', url: '/api/v1/auth/basic', headers: user })).status, 200);
});

test('with basic_auth nobody asks for users without their passwords through the endpoint that is open to users', async () => {
  const sources = {
    'backend.lua': `${SOURCES['backend.lua']}
      function nauthilus_backend_list_accounts() return 0, { "mia" } end`,
  };
  const basicAuth = 'basic_auth: { enabled: true, username: api, password: "api secret" }';
  const closed = await startServer(configText(`backends: [lua]\n${basicAuth}`, LUA), sources);
  const open = await startServer(configText('backends: [lua]', LUA), sources);
  const user = { Authorization: `Basic ${Buffer.from('mia:x').toString('base64')}` };
  for (const path of ['auth/basic', 'http/basicauth']) {
    for (const mode of ['list-accounts', 'no-auth']) {
      const url = `/api/v1/${path}?mode=${mode}`;
      assert.equal((await closed.request({ url, headers: user })).status, 403, url);
      assert.equal((await closed.request({ url, headers: CREDENTIALS })).status, 200, url);
      assert.equal((await open.request({ url, headers: user })).status, 200, url);
    }
    assert.equal((await closed.request({ url: `/api/v1/${path}`, headers: user })).status, 200);
  }
});

test('with trusted_clients only listed peers may use the API, whatever headers say', async () => {
  const hooks = `hooks:
    - { http_location: own, script_path: hook.lua, networks: [127.0.0.1] }
    - { http_location: open, script_path: hook.lua, public: true }
    - { http_location: token, script_path: hook.lua, bearer_token: t0ken }
    - { http_location: api, script_path: hook.lua }`;
  const rest = `lua:\n  config: { backend_script_path: backend.lua }\n  ${hooks}`;
  const server = (networks: string) =>
    configText(
      `backends: [lua]\nbasic_auth: { enabled: true, username: api, password: "api secret" }\ntrusted_clients: [${networks}]`,
      rest,
    );
  const sources = { ...SOURCES, 'hook.lua': 'function nauthilus_run_hook() return { 1 } end' };
  const far = await startServer(server('192.0.2.0/24, 2001:db8::/32'), sources);
  const near = await startServer(server('192.0.2.0/24, 127.0.0.1'), sources);
  const claims = { ...CREDENTIALS, 'X-Forwarded-For': '192.0.2.7', 'X-Real-IP': '192.0.2.7' };
  const user = { Authorization: `Basic ${Buffer.from('mia:x').toString('base64')}`, 'Client-IP': '192.0.2.7' };
  const paths = ['auth/header', 'auth/json', 'mail/dovecot', 'auth/saslauthd', 'auth/policy', 'some/thing'];
  for (const path of paths) {
    const asked = { url: `/api/v1/${path}`, headers: loginHeaders('mia', 'x', claims) };
    const { status, body, headers } = await far.request(asked);
    assert.deepEqual([path, status, body, headers['auth-status']], [path, 403, '', undefined]);
    assert.notEqual((await near.request(asked)).status, 403, path);
  }
  const basic = { method: 'GET', url: '/api/v1/auth/basic', headers: user } as const;
  assert.deepEqual([(await far.request(basic)).status, (await near.request(basic)).status], [403, 200]);
  assert.equal((await far.request({ method: 'DELETE', url: '/api/v1/cache/flush', headers: claims })).status, 403);
  assert.equal((await far.request({ method: 'GET', url: '/ping' })).status, 200);
  assert.ok(far.lines().some(({ msg }) => msg === '127.0.0.1 is not in server.trusted_clients'));
  const hook = async (path: string, headers: Record<string, string> = {}) =>
    (await far.request({ method: 'GET', url: `/api/v1/custom/${path}`, headers })).status;
  assert.equal(await hook('own', CREDENTIALS), 200);
  assert.equal(await hook('open'), 200);
  assert.equal(await hook('token', { Authorization: 'Bearer t0ken' }), 200);
  assert.equal(await hook('api', CREDENTIALS), 403);
  assert.equal(await hook('nothing', CREDENTIALS), 403);
});

test('the client is who the front end names, then who a trusted proxy names, then the peer', async () => {
  const { request } = await startServer(configText('backends: [lua]', LUA), SOURCES);
  const client = async (headers: Record<string, string>) => {
    const answer = await request({
      url: '/api/v1/auth/header?in-memory=0',
      headers: { 'Auth-User': 'mia', 'Auth-Pass': 'x', ...headers },
    });
    return [answer.headers['x-nauthilus-ip'], answer.headers['x-nauthilus-ssl']];
  };
  const forwarded = { 'X-Forwarded-For': ' 203.0.113.9 , 10.0.0.1', 'X-Forwarded-Proto': 'https' };
  assert.deepEqual(await client({ 'Client-IP': '198.51.100.4', ...forwarded }), ['198.51.100.4', undefined]);
  assert.deepEqual(await client(forwarded), ['203.0.113.9', 'on']);
  assert.deepEqual(await client({}), ['127.0.0.1', undefined]);
  assert.deepEqual(await client({ 'Client-IP': '::ffff:198.51.100.4' }), ['198.51.100.4', undefined]);
});

test('a proxy that is not trusted is not believed', async () => {
  const { request, lines } = await startServer(configText('backends: [lua]', LUA), SOURCES, {
    NAUTHILUS_TRUSTED_PROXIES: '10.99.0.0/16',
  });
  const headers = { 'Auth-User': 'mia', 'Auth-Pass': 'x', 'X-Forwarded-For': '203.0.113.9' };
  assert.equal((await request({ url: '/api/v1/auth/header', headers })).headers['x-nauthilus-ip'], '127.0.0.1');
  assert.ok(lines().some(({ msg }) => msg?.includes('not matching')));
});

test('header names are configurable, and the TLS families of nginx and HAProxy work without that', async () => {
  const { request } = await startServer(
    configText('backends: [lua]\ndefault_http_request_header: { username: X-Login, client_host: X-Host }', LUA),
    SOURCES,
  );
  const headers = { 'X-Login': 'mia', 'Auth-Pass': 'x', 'X-Host': 'pc1', 'Auth-SSL': 'on', 'X-SSL-Issuer-DN': 'CN=i' };
  const answer = await request({ url: '/api/v1/auth/header', headers });
  assert.equal(answer.headers['x-nauthilus-host'], 'pc1');
  assert.equal(answer.headers['x-nauthilus-ssl'], 'on');
  assert.equal(answer.headers['x-nauthilus-dn'], 'CN=i');
  assert.equal((await request({ url: '/api/v1/auth/header', headers: loginHeaders('mia', 'x') })).status, 400);
});

test('more requests than allowed are turned away, later ones are served', async () => {
  const { request } = await startServer(configText('backends: [lua]\nmax_concurrent_requests: 1', LUA), SOURCES);
  const slow = request({ url: '/api/v1/auth/header', headers: loginHeaders('slow', 'x') });
  await new Promise((resolve) => setTimeout(resolve, 50));
  const refused = await request({ url: '/api/v1/auth/header', headers: loginHeaders('fast', 'x') });
  assert.deepEqual([refused.status, refused.body], [429, '{"msg":"Too many requests"}']);
  assert.equal((await slow).status, 200);
  assert.equal((await request({ url: '/api/v1/auth/header', headers: loginHeaders('fast', 'x') })).status, 200);
});

test('bodies have a limit, and a GET may have one', async () => {
  const { request, server } = await startServer(configText('backends: [lua]', LUA), SOURCES);
  const large = await request({
    url: '/api/v1/auth/json',
    headers: { 'Content-Type': 'application/json' },
    body: `{"username":"mia","password":"${'x'.repeat(1 << 20)}"}`,
  });
  assert.equal(large.status, 413);
  await server.listen();
  const { port } = new URL(`http://${server.address}`);
  const status = await new Promise((resolve, reject) => {
    const headers = { ...loginHeaders('mia', 'x'), 'Content-Length': '12' };
    const sent = http.request({ port, path: '/api/v1/auth/header', method: 'GET', headers }, (answer) => {
      answer.resume();
      resolve(answer.statusCode);
    });
    sent.on('error', reject);
    sent.end('ignored body');
  });
  assert.equal(status, 200);
});
