/** The canary password appears nowhere: no log line at any level, no metric, no answer that is not the script's own. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { inspect } from 'node:util';
import { configText, loginHeaders, startServer } from './login-server.ts';

const CANARY = 'canary-7f3a-password';

const CONFIG = configText(
  `
backends: [lua]
features: [lua, brute_force]
brute_force_protocols: [imap]
`,
  `
brute_force:
  buckets: [ { name: rule, period: 60, cidr: 32, ipv4: true, failed_requests: 3 } ]
lua:
  features: [ { name: gate, script_path: feature.lua } ]
  filters: [ { name: last, script_path: filter.lua } ]
  actions:
    - { type: post, name: after, script_path: action.lua }
    - { type: brute_force, name: alarm, script_path: action.lua }
  config: { backend_script_path: backend.lua, callback_script_path: callback.lua }
`,
);

const SOURCES = {
  'feature.lua': `
    function nauthilus_call_feature(request)
      nauthilus_builtin.custom_log_add("careless", "it was " .. request.password)
      if request.username == "feature-raises" then error("bad password: " .. request.password) end
      return 0, 0, 0
    end`,
  'backend.lua': `
    function nauthilus_backend_verify_password(request)
      if request.username == "backend-raises" then error("cannot check " .. request.password) end
      local result = nauthilus_backend_result.new()
      result:user_found(true)
      result:account_field("account")
      result:attributes({ account = request.username })
      result:authenticated(request.username == "mia")
      return 0, result
    end`,
  'filter.lua': `
    function nauthilus_call_filter(request)
      if request.username == "filter-raises" then local t = request.password .. nil end
      return request.authenticated and 0 or 1, 0
    end`,
  'action.lua': `
    function nauthilus_call_action(request)
      nauthilus_builtin.custom_log_add("password", request.password)
      error(request.password)
    end`,
  'callback.lua': 'function nauthilus_run_hook(logging) end',
};

const { request, settled, output, services, server } = await startServer(CONFIG, SOURCES);

test('no line, metric or answer shows the password', async () => {
  const answers: string[] = [];
  for (const user of ['mia', 'tom', 'feature-raises', 'backend-raises', 'filter-raises', 'bad(name']) {
    const encoded = Buffer.from(`${user}:${CANARY}`).toString('base64');
    const json = JSON.stringify({ username: user, password: CANARY, service: 'imap', client_ip: '192.0.2.7' });
    const form = `username=${user}&password=${CANARY}`;
    const formType = { 'Content-Type': 'application/x-www-form-urlencoded' };
    for (const each of [
      { url: '/api/v1/auth/header', headers: loginHeaders(user, CANARY) },
      { url: '/api/v1/auth/nginx', headers: loginHeaders(user, CANARY) },
      { url: '/api/v1/auth/basic', headers: { Authorization: `Basic ${encoded}` } },
      { url: '/api/v1/auth/json', headers: { 'Content-Type': 'application/json' }, body: json },
      { url: '/api/v1/auth/json', headers: { 'Content-Type': 'application/json' }, body: `${json}broken` },
      { url: '/api/v1/auth/saslauthd', headers: formType, body: form },
      { url: '/api/v1/auth/callback', headers: loginHeaders(user, CANARY) },
    ]) {
      const answer = await request(each);
      answers.push(JSON.stringify(answer));
    }
  }
  await settled();
  answers.push((await request({ method: 'GET', url: '/metrics' })).body);
  assert.ok(output().includes('authenticated=ok'), 'logins were logged');
  assert.ok(output().includes('***'), 'careless scripts were hidden');
  assert.ok(!output().includes(CANARY), output().match(`.{80}${CANARY}.{20}`)?.[0]);
  for (const answer of answers) assert.ok(!answer.includes(CANARY), answer);
  assert.ok(!inspect(server, { depth: 6 }).includes(CANARY));
  assert.ok(!(await services.metrics.text()).includes(CANARY));
});
