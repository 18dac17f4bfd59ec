/**
 * Every kind of fault in every stage that runs scripts: a temporary failure whose place is in the log, never an accept, never
 * counted, never remembered.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { configText, loginHeaders, startServer } from '../login-server.ts';
import { freePort } from '../servers/redis.ts';

const dead = await freePort();

const FAULTS = {
  'an error': 'error("broken")',
  'an error that is no text': 'error({ code = 7 })',
  'an error after a wait': 'misc.wait_random(1, 2) local t = nil; t.x = 1',
  'an error in a coroutine': 'coroutine.wrap(function() misc.wait_random(1, 2) error("broken") end)()',
  'an error in a library': 'string.rep()',
  'an endless loop': 'while true do end',
  'an endless loop behind pcall': 'while true do pcall(function() while true do end end) end',
  'an endless wait': 'misc.wait_random(60000, 60001)',
  'a pattern without end': 'string.find(string.rep("a", 40), string.rep("a*", 40) .. "b")',
  'endless recursion': 'local function f() return 1 + f() end f()',
  'too much memory': 'local t = {} while true do t[#t + 1] = string.rep("x", 1000000) .. #t end',
  'a missing function': 'no_such_function()',
  'a missing module': 'require("no.such.module")',
  'a dead Redis': 'assert(redis.redis_get("dead", "key"))',
  'a dead name server': 'local found, err = dns.resolve("example.test", "A") if not found then error(err) end',
  'a dead HTTP server': `assert(glua_http.get("http://127.0.0.1:${dead}/"))`,
  'a dead database': `assert(assert(db.open("postgres", "postgres://u:p@127.0.0.1:${dead}/x")):query("select 1"))`,
  'bad code at run time': 'assert(loadstring("x = = 1"))()',
};

const chosen = Object.entries(FAULTS)
  .map(
    ([name, code]) => `if request.username == ${JSON.stringify(name.replaceAll(' ', '-'))} .. suffix then ${code} end`,
  )
  .join('\n  ');

const script = (phase: string, entry: string, ends: string) => `
for _, name in ipairs({ "misc", "redis", "dns", "gluahttp", "gll_db" }) do dynamic_loader("nauthilus_" .. name) end
local misc, redis, dns = require("nauthilus_misc"), require("nauthilus_redis"), require("nauthilus_dns")
local glua_http, db = require("glua_http"), require("db")
redis.register_redis_pool("dead", "standalone", { address = "127.0.0.1:${dead}" })
local suffix = "@${phase}"
function ${entry}(request)
  ${chosen}
  ${ends}
end`;

const { request, services, lines, settled } = await startServer(
  configText(
    `backends: [cache, lua]
features: [lua, brute_force]
brute_force_protocols: [imap]
dns: { resolver: "127.0.0.1:${dead}", timeout: 1 }`,
    `
brute_force:
  learning: [lua]
  buckets: [ { name: rule, period: 60, cidr: 32, ipv4: true, failed_requests: 3 } ]
lua:
  features: [ { name: first, script_path: feature.lua } ]
  filters: [ { name: last, script_path: filter.lua } ]
  actions: [ { type: lua, name: alarm, script_path: action.lua }, { type: post, name: after, script_path: action.lua } ]
  config: { backend_script_path: backend.lua }
`,
  ),
  {
    'feature.lua': script(
      'feature',
      'nauthilus_call_feature',
      'return string.find(request.username, "@action") and 1 or 0, 0, 0',
    ),
    'backend.lua': script(
      'backend',
      'nauthilus_backend_verify_password',
      `local result = nauthilus_backend_result.new()
  result:user_found(true)
  result:account_field("account")
  result:attributes({ account = request.username })
  result:authenticated(request.password == "secret")
  return 0, result`,
    ),
    'filter.lua': script('filter', 'nauthilus_call_filter', 'return request.authenticated and 0 or 1, 0'),
    'action.lua': script('action', 'nauthilus_call_action', 'return 0'),
  },
  { NAUTHILUS_LUA_SCRIPT_TIMEOUT: '0.1' },
);

const login = (name: string, phase: string, password: string) =>
  request({
    url: '/api/v1/auth/header',
    headers: loginHeaders(`${name.replaceAll(' ', '-')}@${phase}`, password),
  });

const unblock = () => services.redis.defaultHandle.write('DEL', 'nt:bf:60:32:3:4:192.0.2.7/32', 'nt:BRUTEFORCE');

/** The place is named; where an error is no text, nobody can say it. */
function assertPlace(session: unknown, phase: string, name: string): void {
  const faults = lines().filter((line) => line.session === session && line.level === 'error');
  const expected = name === 'an error that is no text' ? /error object is a table/ : new RegExp(`${phase}\\.lua:\\d+`);
  assert.ok(
    faults.some(({ msg }) => expected.test(msg ?? '')),
    JSON.stringify(faults),
  );
  assert.ok(!faults.some(({ msg }) => /\.ts:|node:|\[object|undefined/.test(msg ?? '')), JSON.stringify(faults));
}

for (const phase of ['feature', 'backend', 'filter']) {
  for (const name of Object.keys(FAULTS)) {
    test(`${name} in a ${phase}`, async () => {
      // In a filter a wrong password has been counted already.
      await unblock();
      const before = await services.redis.defaultHandle.scan('nt:*');
      for (const password of ['secret', 'wrong']) {
        const answer = await login(name, phase, password);
        assert.equal(answer.status, 500);
        assert.equal(answer.headers['auth-status'], 'Temporary server problem, try again later');
        const session = answer.headers['x-nauthilus-session'];
        assert.equal(
          lines().findLast((line) => line.session === session && line.authenticated)?.authenticated,
          'tempfail',
        );
        assertPlace(session, phase, name);
      }
      if (phase === 'filter') return;
      assert.deepEqual(await services.redis.defaultHandle.scan('nt:*'), before, 'neither counted nor remembered');
    });
  }
}

for (const name of Object.keys(FAULTS)) {
  test(`${name} in an action leaves the refusal that it answers to`, async () => {
    await unblock();
    const answer = await login(name, 'action', 'secret');
    assert.equal(answer.status, 403);
    await settled();
    assertPlace(answer.headers['x-nauthilus-session'], 'action', name);
  });
}
