/** One login through every stage: the reading tour of docs/architecture.md, running. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { configText, loginHeaders, startServer } from '../login-server.ts';

const CONFIG = configText(
  `
backends: [lua]
features: [lua]
`,
  `
lua:
  features: [ { name: gate, script_path: feature.lua } ]
  filters: [ { name: route, script_path: filter.lua } ]
  actions:
    - { type: lua, name: alarm, script_path: action.lua }
    - { type: post, name: record, script_path: post.lua }
  config: { backend_script_path: backend.lua, init_script_path: init.lua, package_path: "lib/?.lua" }
`,
);

const SOURCES = {
  'init.lua': `
    dynamic_loader("nauthilus_redis")
    local redis = require("nauthilus_redis")
    function nauthilus_run_hook(logging)
      redis.redis_set("default", "init", logging.log_format .. "/" .. logging.log_level .. "/" .. type(nauthilus_builtin))
    end`,
  'feature.lua': `
    dynamic_loader("nauthilus_redis")
    local redis = require("nauthilus_redis")
    dynamic_loader("nauthilus_context")
    local context = require("nauthilus_context")
    function nauthilus_call_feature(request)
      local blocked = redis.redis_sismember("default", "blocked", request.client_ip)
      context.context_set("trace", { "feature" })
      nauthilus_builtin.custom_log_add("blocked", blocked)
      if blocked then
        nauthilus_builtin.status_message_set("Your network is blocked")
        return nauthilus_builtin.FEATURE_TRIGGER_YES, nauthilus_builtin.FEATURES_ABORT_YES, nauthilus_builtin.FEATURE_RESULT_OK
      end
      return nauthilus_builtin.FEATURE_TRIGGER_NO, nauthilus_builtin.FEATURES_ABORT_NO, nauthilus_builtin.FEATURE_RESULT_OK
    end`,
  'lib/people.lua': `
    return { mia = "secret", tom = "other" }`,
  'backend.lua': `
    local people = require("people")
    dynamic_loader("nauthilus_context")
    local context = require("nauthilus_context")
    function nauthilus_backend_verify_password(request)
      local result = nauthilus_backend_result.new()
      local trace = context.context_get("trace")
      trace[#trace + 1] = "backend"
      context.context_set("trace", trace)
      if people[request.username] then
        result:user_found(true)
        result:account_field("account")
        result:attributes({ account = request.username .. "@example.test", hostip = "10.0.0.9" })
        result:authenticated(people[request.username] == request.password)
      end
      return nauthilus_builtin.BACKEND_RESULT_OK, result
    end
    function nauthilus_backend_list_accounts(request)
      local names = {}
      for name in pairs(people) do names[#names + 1] = name .. "@example.test" end
      return nauthilus_builtin.BACKEND_RESULT_OK, names
    end`,
  'filter.lua': `
    dynamic_loader("nauthilus_context")
    local context = require("nauthilus_context")
    dynamic_loader("nauthilus_backend")
    local backend = require("nauthilus_backend")
    function nauthilus_call_filter(request)
      if not request.authenticated then
        return nauthilus_builtin.FILTER_REJECT, nauthilus_builtin.FILTER_RESULT_OK
      end
      local trace = context.context_get("trace")
      trace[#trace + 1] = "filter"
      context.context_set("trace", trace)
      local result = nauthilus_backend_result.new()
      result:attributes({ trace = table.concat(trace, " "), hostip = "never taken" })
      backend.apply_backend_result(result)
      return nauthilus_builtin.FILTER_ACCEPT, nauthilus_builtin.FILTER_RESULT_OK
    end`,
  'action.lua': `
    dynamic_loader("nauthilus_redis")
    local redis = require("nauthilus_redis")
    function nauthilus_call_action(request)
      redis.redis_set("default", "alarm", request.feature .. " " .. request.username)
      nauthilus_builtin.custom_log_add("alarm", "raised")
      return nauthilus_builtin.ACTION_RESULT_OK
    end`,
  'post.lua': `
    dynamic_loader("nauthilus_redis")
    local redis = require("nauthilus_redis")
    dynamic_loader("nauthilus_context")
    local context = require("nauthilus_context")
    function nauthilus_call_action(request)
      redis.redis_set("default", "post", table.concat(context.context_get("trace"), " ") .. " " .. request.status_message
        .. " " .. tostring(request.authenticated) .. " " .. request.account)
      return nauthilus_builtin.ACTION_RESULT_OK
    end`,
};

const { request, settled, services, lines, server } = await startServer(CONFIG, SOURCES);
const stored = (key: string) => services.redis.defaultHandle.read('GET', key);

test('the init script runs once, before the server listens', async () => {
  await server.listen();
  assert.match(server.address, /^127\.0\.0\.1:\d+$/);
  assert.equal(await stored('init'), 'default/debug/nil');
});

test('a login passes feature, backend, filter and post action', async () => {
  const answer = await request({ url: '/api/v1/auth/header', headers: loginHeaders('mia', 'secret') });
  assert.equal(answer.status, 200);
  assert.equal(answer.body, 'OK');
  assert.equal(answer.headers['auth-user'], 'mia@example.test');
  assert.equal(answer.headers['x-nauthilus-hostip'], '10.0.0.9');
  assert.equal(answer.headers['x-nauthilus-trace'], 'feature backend filter');
  await settled();
  assert.equal(await stored('post'), 'feature backend filter OK true mia@example.test');
});

test('a wrong password ends with the filter and is seen by the post action', async () => {
  const answer = await request({ url: '/api/v1/auth/header', headers: loginHeaders('mia', 'wrong') });
  assert.equal(answer.status, 403);
  assert.equal(answer.headers['auth-status'], 'Invalid login or password');
  await settled();
  assert.equal(await stored('post'), 'feature backend Invalid login or password false mia@example.test');
});

test('a feature ends the login after its action has run', async () => {
  await services.redis.defaultHandle.write('SADD', 'blocked', '192.0.2.66');
  const headers = loginHeaders('tom', 'other', { 'Client-IP': '192.0.2.66' });
  const answer = await request({ url: '/api/v1/auth/header', headers });
  assert.equal(answer.status, 403);
  assert.equal(answer.body, 'Your network is blocked');
  assert.equal(await stored('alarm'), 'lua tom');
  await settled();
  assert.equal(await stored('post'), 'feature Your network is blocked false ');
});

test('one final line says how each login ended', async () => {
  await request({ url: '/api/v1/auth/header?in-memory=0', headers: loginHeaders('tom', 'other') });
  const line = lines().findLast((each) => each.username === 'tom' && each.authenticated === 'ok');
  assert.ok(line);
  assert.equal(line.passdb_backend, 'lua');
  assert.equal(line.blocked, 'false');
  assert.equal(line.status_message, 'OK');
  assert.equal(line.client_ip, '192.0.2.7');
  assert.match(line.latency ?? '', /^[0-9.]+(µs|ms|s)$/);
});

test('actions write a line of their own', async () => {
  const line = lines().find((each) => each.msg === 'Lua actions finished' && each.alarm === 'raised');
  assert.equal(line?.['action.lua'], 'success');
});

test('accounts can be listed', async () => {
  const answer = await request({
    method: 'GET',
    url: '/api/v1/auth/header?mode=list-accounts',
    headers: { Accept: 'application/json' },
  });
  assert.deepEqual(JSON.parse(answer.body).sort(), ['mia@example.test', 'tom@example.test']);
});
