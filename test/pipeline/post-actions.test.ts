import assert from 'node:assert/strict';
import { test } from 'node:test';
import { configText, loginHeaders, startServer } from '../login-server.ts';

const CONFIG = configText(
  'backends: [lua]',
  `
lua:
  actions: [ { type: post, name: slow, script_path: slow.lua } ]
  config: { backend_script_path: backend.lua }
`,
);

const SOURCES = {
  'backend.lua': `
    function nauthilus_backend_verify_password(request)
      local result = nauthilus_backend_result.new()
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
      misc.wait_random(400, 401)
      redis.redis_incr("default", "calls")
      redis.redis_set("default", "agent", http_request.get_http_request_header("User-Agent")[1])
      return 0
    end`,
};

const { request, settled, services } = await startServer(CONFIG, SOURCES);
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
