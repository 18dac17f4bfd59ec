/** Explanations: who gets them, what is in them, and that nothing else changes. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { explanationText } from '../../compiler/cli/explanation-text.ts';
import { configText, loginHeaders, startServer, type TestServer } from '../login-server.ts';

const RULES = `
brute_force:
  buckets: [ { name: host, period: 60, cidr: 32, ipv4: true, failed_requests: 3 } ]
lua:
  features: [ { name: gate, script_path: gate.lua }, { name: country, script_path: country.lua } ]
  filters: [ { name: groups, script_path: groups.lua }, { name: opening_hours, script_path: hours.lua } ]
  actions: [ { type: post, name: statistics, script_path: statistics.lua } ]
  config: { backend_script_path: backend.lua }
`;

const SOURCES = {
  'gate.lua': `
    function nauthilus_call_feature(request)
      if request.username == "gate-breaks" then local x = nil; return x.y end
      if request.username == "barred" then nauthilus_builtin.status_message_set("go away") return 1, 0, 0 end
      return 0, request.username == "hurried" and 1 or 0, 0
    end`,
  'country.lua': 'function nauthilus_call_feature(request) return 0, 0, 0 end',
  'backend.lua': `
    function nauthilus_backend_verify_password(request)
      local result = nauthilus_backend_result.new()
      if request.username == "odd" then return 0, "a string" end
      if request.username == "nobody" then return 0, result end
      result:user_found(true)
      result:account_field("account")
      result:attributes({ account = request.username, quota = "17", userPassword = "{SSHA}stored-hash" })
      result:authenticated(request.password == "secret-of-mia")
      return 0, result
    end`,
  'groups.lua': `
    dynamic_loader("nauthilus_backend")
    local backend = require("nauthilus_backend")
    function nauthilus_call_filter(request)
      local result = nauthilus_backend_result.new()
      result:attributes({ group = "staff-value", quota = "99" })
      backend.apply_backend_result(result)
      backend.remove_from_backend_result({ "userPassword" })
      return 0, 0
    end`,
  'hours.lua': `
    function nauthilus_call_filter(request)
      if request.username == "late" then nauthilus_builtin.status_message_set("closed") return 1, 0 end
      return request.authenticated and 0 or 1, 0
    end`,
  'statistics.lua': 'function nauthilus_call_action(request) return 0 end',
};
const SERVER =
  'backends: [cache, lua]\nfeatures: [lua, tls_encryption, brute_force]\nbrute_force_protocols: [imap]\nmaster_user: { enabled: true }';

const start = (server: string, log = 'level: info') =>
  startServer(configText(server, RULES).replace('level: debug, debug_modules: [all]', log), SOURCES);

const started = await start(SERVER);

interface Asked {
  readonly password?: string;
  readonly query?: string;
  readonly headers?: Record<string, string>;
}

const TRUSTED = { 'X-Nauthilus-Explain': '1', 'Auth-SSL': 'on' };
const NUMBER = /[\d.]+ ms/g;

let clients = 0;

/** Each from a client of its own, unless `headers` name one. */
async function login(user: string, { password = 'secret-of-mia', query = '', headers = TRUSTED }: Asked = {}) {
  return started.request({
    url: `/api/v1/auth/header${query}`,
    headers: loginHeaders(user, password, { 'Client-IP': `203.0.113.${++clients}`, ...headers }),
  });
}

/** What a person reads about the login that ended last; durations are left out. */
function lastText({ output }: TestServer = started): string {
  const line = output()
    .split('\n')
    .findLast((each) => each.includes('msg=Explanation'));
  return explanationText(line ?? '', undefined)?.replace(NUMBER, '- ms') ?? '';
}

test('a login that is not asked about gets the same answer and no record', async () => {
  const plain = await login('mia', { headers: { 'Auth-SSL': 'on' }, query: '?in-memory=0&cache=0' });
  assert.equal(started.output().includes('Explanation'), false);
  const asked = await login('mia', { query: '?in-memory=0&cache=0' });
  const { 'x-nauthilus-explanation': line, 'x-nauthilus-session': _, date: _date, ...others } = asked.headers;
  const { 'x-nauthilus-session': _other, date: _otherDate, ...without } = plain.headers;
  assert.deepEqual(others, without);
  assert.equal(asked.body, plain.body);
  assert.match(String(line), /^ok; memory-cache next [\d.]+ ms; brute-force next .*; filters ok [\d.]+ ms$/);
});

test('the header counts only from trusted peers with nobody behind them', async () => {
  for (const behind of [
    { 'X-Forwarded-For': '198.51.100.3' },
    { 'X-Forwarded-For': '198.51.100.3, 127.0.0.1' },
    { 'X-Real-IP': '198.51.100.3' },
    { Forwarded: 'for=198.51.100.3' },
    { 'X-Nauthilus-Explain': '0' },
  ]) {
    const { headers } = await login('mia', { headers: { ...TRUSTED, ...behind } });
    assert.equal(headers['x-nauthilus-explanation'], undefined, JSON.stringify(behind));
  }
  const own = await login('mia', { headers: { ...TRUSTED, 'X-Forwarded-For': '127.0.0.1' } });
  assert.ok(own.headers['x-nauthilus-explanation']);
  const closed = await start(`${SERVER}\nexplain: { networks: [] }`);
  const headers = loginHeaders('mia', 'secret-of-mia', TRUSTED);
  const answer = await closed.request({ url: '/api/v1/auth/header', headers });
  assert.equal(answer.headers['x-nauthilus-explanation'], undefined);
  assert.equal(closed.output().includes('Explanation'), false);
});

test('the example of the documentation is what a login gives', async () => {
  await login('eve', { password: 'wrong-password', headers: { ...TRUSTED, 'Client-IP': '192.0.2.7' } });
  const documented = /```text\n(\S+: fail \(credentials\).*?)```/s.exec(readFileSync('docs/operation.md', 'utf8'))?.[1];
  const [, ...lines] = lastText().trimEnd().split('\n');
  const [, ...shown] = (documented ?? '').trimEnd().replace(NUMBER, '- ms').split('\n');
  assert.deepEqual(shown, lines);
});

for (const [about, user, asked, expected] of [
  [
    'a hit of the memory cache',
    'mia',
    {},
    ['cache memory: hit', 'rules all: skipped: the memory cache knows the login'],
  ],
  ['a hit of the cache in Redis', 'mia', { query: '?in-memory=0' }, ['backend cache: knows the user, right password']],
  [
    'caches that are not asked',
    'mia',
    { query: '?in-memory=0&cache=0' },
    ['cache memory: not asked: in-memory=0, or no password', 'backend cache: not asked: cache=0, or a master'],
  ],
  [
    'another cached password',
    'mia',
    { password: 'other-password' },
    ['backend cache: has another password of the user', 'credentials wrong password: counted, points 1, tries of it 1'],
  ],
  [
    'a feature that triggers, and who set the message',
    'barred',
    {},
    [
      'fail (feature) after - ms, status message by gate',
      'script gate: triggered, - ms, class feature, sets status message',
      'script country: skipped: gate triggered',
      'feature lua: triggered, - ms',
      'filters: skipped: features has decided',
      'actions post: follow the answer, scripts post:statistics',
    ],
  ],
  [
    'a feature that aborts',
    'hurried',
    {},
    ['script country: skipped: gate aborted', 'feature tls_encryption: skipped: lua aborted the features behind it'],
  ],
  [
    'a client without TLS',
    'mia',
    { query: '?in-memory=0', headers: { 'X-Nauthilus-Explain': '1' } },
    ['tempfail after - ms', 'feature tls_encryption: triggered, - ms'],
  ],
  [
    'a local client',
    'mia',
    { query: '?in-memory=0', headers: { ...TRUSTED, 'Client-IP': '127.0.0.1' } },
    ['rules all: skipped: the client is local', 'feature tls_encryption: skipped: the client is local'],
  ],
  ['a script that breaks', 'gate-breaks', {}, ['script gate: failed, - ms, class feature, at gate.lua:3']],
  [
    'a wrong return value',
    'odd',
    {},
    ['script backend: wrong return value', 'backend lua: no answer', 'backend lua: failed: see the error line'],
  ],
  [
    'an unknown user',
    'nobody',
    {},
    ['backend lua: does not know the user', 'credentials wrong password: counted, points 1'],
  ],
  [
    'filters: who adds and removes, and who refuses',
    'late',
    {},
    [
      'fail (filter) after - ms, status message by opening_hours',
      'script groups: accepted, - ms, class filter, adds group quota, removes userPassword',
      'script opening_hours: rejected, - ms, class filter, sets status message',
    ],
  ],
  [
    'changed attributes',
    'zoe',
    {},
    [
      'backend lua: knows the user, right password, - ms, attributes account quota userPassword',
      'attributes changed by filters: removed userPassword, added group, not added, there already quota',
      'caches filled: memory true, redis true',
    ],
  ],
  [
    'a lookup',
    'zoe',
    { query: '?mode=no-auth' },
    ['features: skipped: not for the mode no-auth', 'knows the user, - ms'],
  ],
  [
    'a blocked network',
    'tom',
    { headers: { ...TRUSTED, 'Client-IP': '192.0.2.99' }, password: 'wrong-four' },
    ['rule host: blocks from now on, network 192.0.2.99/32, counter 3, limit 3', 'fail (brute-force)'],
  ],
] as const) {
  test(`an explanation shows ${about}`, async () => {
    if (about === 'a blocked network') {
      const headers = { 'Auth-SSL': 'on', 'Client-IP': '192.0.2.99' };
      for (const password of ['wrong-one', 'wrong-two', 'wrong-six']) await login('tim', { headers, password });
    }
    await login(user, asked);
    const text = lastText();
    for (const each of expected) assert.ok(text.includes(each), `${each}\n${text}`);
  });
}

test('no value that anybody has given is in an explanation', () => {
  const records = started
    .output()
    .split('\n')
    .filter((line) => line.includes('msg=Explanation'));
  assert.ok(records.length > 10);
  for (const line of records) {
    for (const value of ['secret-of-mia', 'wrong-', 'stored-hash', 'staff-value', 'go away', 'closed', '17"']) {
      assert.equal(line.includes(value), false, `${value}: ${line}`);
    }
  }
});

test('the debug module explain gives every login a record, and no answer a header', async () => {
  const server = await start(SERVER, 'json: true, level: debug, debug_modules: [explain]');
  const answer = await server.request({ url: '/api/v1/auth/header', headers: loginHeaders('mia', 'x') });
  assert.equal(answer.headers['x-nauthilus-explanation'], undefined);
  const line =
    server
      .output()
      .split('\n')
      .find((each) => each.includes('"Explanation"')) ?? '';
  assert.equal(typeof JSON.parse(line).explanation, 'object', 'JSON lines have it as an object');
  const session = String(answer.headers['x-nauthilus-session']);
  assert.match(explanationText(line, session) ?? '', /^\S+: tempfail after/);
  assert.equal(explanationText(line, 'another session'), undefined);
});
