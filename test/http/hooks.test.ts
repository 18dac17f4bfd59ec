/** Scripts behind paths of their own: routes, who may call them, and what they can answer. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { parseConfig } from '../../runtime/config/index.ts';
import { configText, startServer, type TestRequest } from '../login-server.ts';

const ECHO = `
  local response = require("nauthilus_http_response")
  local request = require("nauthilus_http_request")
  function nauthilus_run_hook(call, session)
    return { method = call.method, path = call.path, ip = call.client_ip, same = call.session == session,
      body = request.get_http_request_body(), q = request.get_http_query_param("q") }
  end`;

const SOURCES = {
  'backend.lua': `function nauthilus_backend_verify_password(request) return 1, nil end`,
  'echo.lua': ECHO,
  'teapot.lua': `
    local response = require("nauthilus_http_response")
    local context = require("nauthilus_context")
    function nauthilus_run_hook()
      context.context_set("seen", (context.context_get("seen") or 0) + 1)
      leak = (leak or 0) + 1
      response.string(418, "seen " .. context.context_get("seen") .. " " .. leak)
      response.add_http_response_header("X-Kind", "a")
      response.add_http_response_header("x-kind", "b")
    end`,
  'broken.lua': `function nauthilus_run_hook() error("secret detail") end`,
  'loop.lua': `function nauthilus_run_hook() local t = {} t.t = t return t end`,
  'nothing.lua': `function nauthilus_run_hook() require("nauthilus_http_response").set_http_status(204) end`,
  'json.lua': `function nauthilus_run_hook() require("nauthilus_http_response").json(201, { 1, "<b>" }) end`,
  'away.lua': `function nauthilus_run_hook() require("nauthilus_http_response").redirect(302, "/ping") end`,
  'waits.lua': `
    function nauthilus_run_hook()
      local redis = require("nauthilus_redis")
      redis.redis_set("default", "k", "v")
      return { redis.redis_get("default", "k") }
    end`,
  'callback.lua': `
    function nauthilus_run_hook(logging)
      require("nauthilus_http_response").set_http_response_header("X-Callback", logging.log_format)
    end`,
};

const hooks = (basic: string) =>
  configText(
    `
backends: [lua]
basic_auth: ${basic}
`,
    `
lua:
  config: { backend_script_path: backend.lua, callback_script_path: callback.lua }
  hooks:
    - { http_location: /status/, http_method: get, script_path: echo.lua, public: true }
    - { http_location: status, http_method: POST, script_path: echo.lua, public: true }
    - { http_location: deep/er/path, http_method: PUT, script_path: echo.lua, public: true }
    - { http_location: teapot, script_path: teapot.lua, public: true }
    - { http_location: broken, script_path: broken.lua, public: true }
    - { http_location: loop, script_path: loop.lua, public: true }
    - { http_location: nothing, script_path: nothing.lua, public: true }
    - { http_location: json, script_path: json.lua, public: true }
    - { http_location: away, script_path: away.lua, public: true }
    - { http_location: waits, script_path: waits.lua, public: true }
    - { http_location: token, script_path: teapot.lua, bearer_token: "s3cret" }
    - { http_location: far, script_path: teapot.lua, networks: [192.0.2.0/24] }
    - { http_location: near, script_path: teapot.lua, networks: [127.0.0.0/8] }
`,
  );

const open = await startServer(hooks('{ enabled: false }'), SOURCES);
const closed = await startServer(hooks('{ enabled: true, username: api, password: pw }'), SOURCES);
const BASIC = { Authorization: `Basic ${Buffer.from('api:pw').toString('base64')}` };

const get = (url: string, headers: Record<string, string> = {}, more: Partial<TestRequest> = {}) =>
  open.request({ method: 'GET', url: `/api/v1/custom/${url}`, headers, ...more });
const ask = (url: string, headers: Record<string, string> = {}) =>
  closed.request({ method: 'GET', url: `/api/v1/custom/${url}`, headers });

describe('a route', () => {
  test('is method and path, and the hook is told both', async () => {
    const answer = await get('status?q=a%20b&q=c');
    assert.equal(answer.headers['content-type'], 'application/json; charset=UTF-8');
    assert.deepEqual(JSON.parse(answer.body), {
      ...{ method: 'GET', path: '/api/v1/custom/status', ip: '127.0.0.1', same: true, body: '', q: 'a b' },
    });
    const posted = await get('status', {}, { method: 'POST', body: 'hello' });
    assert.equal(JSON.parse(posted.body).body, 'hello');
    assert.equal((await get('deep/er/path', {}, { method: 'PUT' })).status, 200);
    assert.deepEqual(JSON.parse((await get('waits')).body), ['v']);
  });

  test('that nobody configured leads nowhere', async () => {
    for (const url of ['nope', 'status/', 'status/x', 'deep', 'deep/er', '', '..%2fstatus', 'STATUS']) {
      assert.equal((await get(url)).status, 404, url);
    }
    assert.equal((await get('status', {}, { method: 'DELETE' })).status, 404);
    assert.equal((await ask('nope')).status, 401);
    assert.equal((await ask('nope', BASIC)).status, 404);
  });
});

describe('an answer', () => {
  test('can be written by the script, and nothing of the hook lasts', async () => {
    for (let at = 0; at < 3; at++) {
      const answer = await get('teapot');
      assert.deepEqual([answer.status, answer.body], [418, 'seen 1 1']);
      assert.equal(answer.headers['content-type'], 'text/plain; charset=utf-8');
    }
    assert.deepEqual([(await get('json')).status, (await get('json')).body], [201, '[1,"\\u003cb\\u003e"]']);
    const away = await get('away');
    assert.deepEqual([away.status, away.headers.location, away.body], [302, '/ping', '']);
    const nothing = await get('nothing');
    assert.deepEqual([nothing.status, nothing.body, nothing.headers['content-length']], [204, '', undefined]);
  });

  test('can have several headers of one name', async () => {
    await open.server.listen();
    const answer = await fetch(`http://${open.server.address}/api/v1/custom/teapot`);
    assert.deepEqual([answer.status, answer.headers.get('x-kind')], [418, 'a, b']);
    const head = await fetch(`http://${open.server.address}/api/v1/custom/teapot`, { method: 'HEAD' });
    assert.equal(head.status, 404);
  });

  test('of a failed hook says nothing about the failure, the log does', async () => {
    for (const url of ['broken', 'loop']) {
      const answer = await get(url);
      assert.deepEqual([answer.status, answer.body], [500, '{"msg":"The hook has failed"}']);
    }
    assert.ok(open.lines().some(({ msg = '' }) => msg.includes('broken.lua:1: secret detail')));
    assert.ok(open.lines().some(({ msg = '' }) => msg.includes('contains itself')));
  });

  test('of the callback is empty but for what the script asked for', async () => {
    const answer = await open.request({ method: 'GET', url: '/api/v1/auth/callback' });
    assert.deepEqual([answer.status, answer.body, answer.headers['x-callback']], [200, '', 'default']);
  });
});

describe('access', () => {
  test('with a token of its own takes no other credentials', async () => {
    const missing = await get('token');
    assert.deepEqual([missing.status, missing.headers['www-authenticate']], [401, 'Bearer realm="hooks"']);
    for (const wrong of ['Bearer x', 'Bearer s3crets', 'Bearer s3cre', 'bearer', 'Basic s3cret', 'Bearer s3cret x']) {
      assert.equal((await get('token', { Authorization: wrong })).status, 401, wrong);
    }
    assert.equal((await get('token', { Authorization: 'bearer s3cret' })).status, 418);
    assert.equal((await ask('token', BASIC)).status, 401);
    assert.equal((await ask('token', { Authorization: 'Bearer s3cret' })).status, 418);
  });

  test('is restricted to networks, looking through trusted proxies only', async () => {
    assert.equal((await get('near')).status, 418);
    assert.equal((await get('far')).status, 403);
    assert.equal((await get('far', { 'X-Forwarded-For': '192.0.2.9' })).status, 418);
    assert.equal((await get('near', { 'X-Forwarded-For': '192.0.2.9' })).status, 403);
    assert.equal((await get('far', { 'Client-IP': '192.0.2.9' })).status, 403);
    // Both are asked for where both are configured.
    assert.equal((await ask('near')).status, 401);
    assert.equal((await ask('near', BASIC)).status, 418);
    assert.equal((await ask('far', BASIC)).status, 403);
  });

  test('is open where the configuration says so', async () => {
    assert.equal((await ask('status')).status, 200);
  });
});

test('a configuration in which a hook is open by accident, twice there or nonsense is refused', () => {
  const complaints = (hook: string, server = '') =>
    parseConfig({
      text: `server: { backends: [cache]${server} }\nlua: { hooks: [${hook}] }`,
      file: 'test.yml',
      env: {},
    })
      .diagnostics.filter(({ severity }) => severity === 'error')
      .map(({ message }) => message);
  const base = 'http_location: a, script_path: a.lua';
  assert.match(complaints(`{ ${base} }`)[0] ?? '', /everybody could call this hook/);
  for (const fine of ['public: true', 'bearer_token: x', 'networks: [10.0.0.0/8]']) {
    assert.deepEqual(complaints(`{ ${base}, ${fine} }`), [], fine);
  }
  assert.deepEqual(complaints(`{ ${base} }`, ', basic_auth: { enabled: true, username: a, password: b }'), []);
  assert.match(complaints(`{ ${base}, public: true, bearer_token: x }`)[0] ?? '', /cannot be public/);
  assert.match(complaints(`{ ${base}, public: true }, { ${base}, public: true }`)[0] ?? '', /another hook for GET a/);
  for (const location of ['../a', 'a//b', 'a b', '*', ':x', '']) {
    assert.equal(complaints(`{ http_location: "${location}", script_path: a.lua, public: true }`).length, 1, location);
  }
  const { config } = parseConfig({
    text: `server: { backends: [cache] }\nlua: { custom_hooks: [{ ${base}, public: true }] }`,
    file: 'test.yml',
    env: {},
  });
  assert.deepEqual(
    config?.lua.hooks.map(({ http_location }) => http_location),
    ['a'],
  );
  assert.match(complaints(`{ ${base}, public: true, http_method: BREW }`)[0] ?? '', /wrong method/);
});
