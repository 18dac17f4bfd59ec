/** A temporary failure is no wrong password and no success: nothing counts it and nothing remembers it. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { configText, loginHeaders, startServer } from '../login-server.ts';

const CONFIG = configText(
  'backends: [cache, lua]\nfeatures: [lua, brute_force]\nbrute_force_protocols: [imap]',
  `
brute_force:
  learning: [lua]
  buckets: [ { name: rule, period: 60, cidr: 32, ipv4: true, failed_requests: 3 } ]
lua:
  features: [ { name: gate, script_path: feature.lua } ]
  filters: [ { name: last, script_path: filter.lua } ]
  config: { backend_script_path: backend.lua }
`,
);

const FAULTS = {
  raises: 'error("broken")',
  loops: 'while true do end',
  hides: 'pcall(function() while true do end end)',
  recurses: 'local function f() return 1 + f() end f()',
  fills: 'local t = {} while true do t[#t + 1] = string.rep("x", 1000000) end',
};

const chosen = (phase: string) =>
  Object.entries(FAULTS)
    .map(([name, code]) => `if request.username == "${phase}-${name}" then ${code} end`)
    .join('\n');

const SOURCES = {
  'feature.lua': `function nauthilus_call_feature(request) ${chosen('feature')} return false, false, 0 end`,
  'filter.lua': `function nauthilus_call_filter(request) ${chosen('filter')} return request.authenticated and 0 or 1, 0 end`,
  'backend.lua': `
    function nauthilus_backend_verify_password(request)
      ${chosen('backend')}
      if request.username == "backend-table" then return 0, { authenticated = true, user_found = true } end
      if request.username == "backend-nothing" then return 0 end
      local result = nauthilus_backend_result.new()
      result:user_found(true)
      result:account_field("account")
      if request.username ~= "backend-nobody" then result:attributes({ account = request.username }) end
      result:authenticated(request.password == "secret")
      return 0, result
    end`,
};

const { request, services, lines } = await startServer(CONFIG, SOURCES, { NAUTHILUS_LUA_SCRIPT_TIMEOUT: '0.05' });
const redis = services.redis.defaultHandle;
const login = (user: string, password = 'secret') =>
  request({ url: '/api/v1/auth/header', headers: loginHeaders(user, password) });

const names = Object.keys(FAULTS);
const early = [...names.map((name) => `feature-${name}`), ...names.map((name) => `backend-${name}`)];

for (const user of [...early, 'backend-table', 'backend-nothing', 'backend-nobody']) {
  test(`${user}: a temporary failure that leaves nothing`, async () => {
    for (const password of ['secret', 'wrong', 'secret', 'wrong']) {
      const answer = await login(user, password);
      assert.equal(answer.status, 500);
      assert.equal(answer.headers['auth-status'], 'Temporary server problem, try again later');
    }
    assert.deepEqual(await redis.scan('nt:*'), []);
    assert.equal(lines().findLast(({ username }) => username === user)?.authenticated, 'tempfail');
  });
}

for (const name of names) {
  test(`filter-${name}: a temporary failure, whatever the backend said`, async () => {
    assert.equal((await login(`filter-${name}`)).status, 500);
    assert.equal((await login(`filter-${name}`)).status, 500, 'also from the cache');
    assert.deepEqual(await redis.scan('nt:bf:*'), []);
    assert.deepEqual(await redis.scan('nt:PW_HIST*'), []);
  });
}

test('the log names file and line of a fault', () => {
  for (const phase of ['feature', 'backend', 'filter']) {
    const line = lines().find(({ msg }) => msg?.includes(`${phase}.lua:`));
    assert.match(line?.msg ?? '', new RegExp(`${phase}\\.lua:\\d+: broken`));
  }
});
