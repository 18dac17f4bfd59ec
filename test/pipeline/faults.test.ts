/** Scripts that fail, loop or return something odd: a fault never lets anybody in and never stops the server. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { configText, loginHeaders, startServer } from '../login-server.ts';

const CONFIG = configText(
  `
backends: [lua]
features: [lua, brute_force]
brute_force_protocols: [imap]
`,
  `
brute_force:
  buckets: [ { name: rule, period: 60, cidr: 32, ipv4: true, failed_requests: 100 } ]
lua:
  features: [ { name: gate, script_path: feature.lua }, { name: second, script_path: second.lua } ]
  filters: [ { name: last, script_path: filter.lua } ]
  actions: [ { type: post, name: broken, script_path: action.lua }, { type: post, name: fine, script_path: fine.lua } ]
  config: { backend_script_path: backend.lua }
`,
);

const SOURCES = {
  'feature.lua': `
    function nauthilus_call_feature(request)
      nauthilus_builtin.custom_log_add("seen", "feature")
      if request.username == "feature-raises" then error("feature is broken") end
      if request.username == "feature-loops" then while true do end end
      if request.username == "feature-hides" then pcall(function() while true do end end) return 0, 0, 0 end
      if request.username == "zero" then return 0, 0, 0 end
      if request.username == "one" then return 1, 0, 0 end
      if request.username == "text-zero" then return "0", "0", 0 end
      if request.username == "mute" then nauthilus_builtin.status_message_set("") return 1, 0, 0 end
      return false, false, 0
    end`,
  'second.lua': `
    function nauthilus_call_feature(request)
      return request.username == "feature-raises", false, 0
    end`,
  'backend.lua': `
    function nauthilus_backend_verify_password(request)
      local result = nauthilus_backend_result.new()
      if request.username == "backend-raises" then error({ code = 7 }) end
      if request.username == "backend-table" then return 0, { authenticated = true, user_found = true } end
      if request.username == "backend-nothing" then return 0 end
      if request.username == "backend-fails" then return 1, result end
      if request.username ~= "nobody" then
        result:user_found(true)
        result:account_field("account")
        result:attributes({ account = request.username })
        result:authenticated(request.password == "secret")
      end
      return 0, result
    end`,
  'filter.lua': `
    function nauthilus_call_filter(request)
      nauthilus_builtin.custom_log_add("from", "filter")
      if request.username == "filter-raises" then
        nauthilus_builtin.status_message_set("never shown")
        error("filter is broken")
      end
      if request.username == "rescued" then return nauthilus_builtin.FILTER_ACTION_ACCEPT, 0 end
      if not request.authenticated then return nauthilus_builtin.FILTER_ACTION_REJECT, 0 end
      return nauthilus_builtin.FILTER_ACTION_ACCEPT, 0
    end`,
  'action.lua': `
    function nauthilus_call_action(request)
      shared = "left by the broken one"
      error("action is broken")
    end`,
  'fine.lua': `
    function nauthilus_call_action(request)
      nauthilus_builtin.custom_log_add("shared", shared)
      return nauthilus_builtin.ACTION_RESULT_OK
    end`,
};

const started = await startServer(CONFIG, SOURCES, { NAUTHILUS_LUA_SCRIPT_TIMEOUT: '0.4' });
const { request, settled, services } = started;
const login = (user: string, password = 'secret') =>
  request({ url: '/api/v1/auth/header?in-memory=0', headers: loginHeaders(user, password) });
const failures = () => services.redis.defaultHandle.read('GET', 'nt:bf:60:32:100:4:192.0.2.7/32');

async function assertTempfail(user: string): Promise<void> {
  const before = await failures();
  const answer = await login(user);
  assert.equal(answer.status, 500, user);
  assert.equal(answer.headers['auth-status'], 'Temporary server problem, try again later');
  assert.equal(await failures(), before, 'a fault is no wrong password');
}

test('an error in a feature is a temporary failure, and the backend is not asked', async () => {
  await assertTempfail('feature-raises');
  const line = started.lines().findLast(({ username }) => username === 'feature-raises');
  assert.equal(line?.authenticated, 'tempfail');
  assert.equal(line?.passdb_backend, 'unknown');
  assert.equal(line?.seen, 'feature');
  const fault = started.lines().find(({ name, level }) => name === 'gate' && level === 'error');
  assert.match(fault?.msg ?? '', /^feature\.lua:4: feature is broken\nstack traceback:/);
});

test('an endless loop ends at the deadline while others are served', async () => {
  const loop = login('feature-loops');
  const other = login('mia');
  assert.equal((await other).status, 200);
  assert.equal((await loop).status, 500);
});

test('pcall does not keep an endless loop alive', async () => {
  await assertTempfail('feature-hides');
});

for (const user of ['backend-raises', 'backend-table', 'backend-nothing', 'backend-fails', 'filter-raises']) {
  test(`${user.replace('-', ': ')} is a temporary failure`, () => assertTempfail(user));
}

test('what a failed filter said is dropped', async () => {
  const line = started.lines().findLast(({ username }) => username === 'filter-raises');
  assert.equal(line?.from, undefined);
});

test('a wrong password counts, also of an unknown user', async () => {
  const before = Number((await failures()) ?? 0);
  assert.equal((await login('mia', 'wrong')).status, 403);
  assert.equal((await login('nobody')).status, 403);
  assert.equal(Number(await failures()), before + 2);
});

test('flags are read as their authors meant them', async () => {
  assert.equal((await login('zero')).status, 200);
  assert.equal((await login('text-zero')).status, 200);
  assert.equal((await login('one')).status, 403);
});

test('a filter can accept a login that the backend rejected, and the log says so', async () => {
  assert.equal((await login('rescued', 'wrong')).status, 200);
  assert.equal(started.lines().findLast(({ username }) => username === 'rescued')?.filter_override, 'true');
});

test('a failing action does not stop the next one, which shares its globals', async () => {
  await login('mia');
  await settled();
  const line = started.lines().findLast(({ msg }) => msg === 'Lua actions finished');
  assert.equal(line?.['action.lua'], 'unknown result');
  assert.equal(line?.['fine.lua'], 'success');
  assert.equal(line?.shared, 'left by the broken one');
});

test('an empty status message is none', async () => {
  const answer = await login('mute');
  assert.equal(answer.headers['auth-status'], 'Invalid login or password');
});

test('debug lines say how each feature and filter ended', async () => {
  await login('mia');
  const last = (msg: string) => started.lines().findLast((line) => line.msg === msg);
  const { name, triggered, abort_features, result, seen } = last('Lua feature finished') ?? {};
  assert.deepEqual([name, triggered, abort_features, result, seen], ['second', 'false', 'false', 'success', 'feature']);
  const filter = last('Lua filter finished');
  assert.deepEqual([filter?.name, filter?.action, filter?.result, filter?.from], ['last', 'false', 'ok', undefined]);
});
