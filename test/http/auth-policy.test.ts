/** The policy protocol: requests as Dovecot and weakforced's clients send them, counters, and Dovecot's own client. */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { after, before, describe, test } from 'node:test';
import { setTimeout } from 'node:timers/promises';
import { promisify } from 'node:util';
import { configText, startServer } from '../login-server.ts';
import { type DovecotImap, dovecotImapMissing, startDovecotImap } from '../servers/dovecot-imap.ts';
import { freePort } from '../servers/redis.ts';

const PASSWORD = 'api-secret-4711';
const AUTHORIZATION = `Basic ${Buffer.from(`mail:${PASSWORD}`).toString('base64')}`;

const server = await startServer(
  configText(
    `
backends: [lua]
features: [brute_force, tls_encryption, lua]
brute_force_protocols: [imap]
basic_auth: { enabled: true, username: mail, password: ${PASSWORD} }
`,
    `
cleartext_networks: [ 192.0.2.0/24, 198.51.100.0/24 ]
brute_force:
  buckets: [ { name: small, period: 120, cidr: 32, ipv4: true, failed_requests: 3 } ]
lua:
  features: [ { name: gate, script_path: feature.lua } ]
  filters: [ { name: last, script_path: filter.lua } ]
  actions: [ { type: post, name: note, script_path: post.lua } ]
  config: { backend_script_path: backend.lua }
`,
  ),
  {
    'backend.lua': 'function nauthilus_backend_verify_password() error("not asked") end',
    'feature.lua': `function nauthilus_call_feature(request)
      if request.username == "broken" then error("no answer") end
      if request.username == "listed" then
        nauthilus_builtin.status_message_set("You are listed")
        return nauthilus_builtin.FEATURE_TRIGGER_YES, nauthilus_builtin.FEATURES_ABORT_NO, nauthilus_builtin.FEATURE_RESULT_OK
      end
      return nauthilus_builtin.FEATURE_TRIGGER_NO, nauthilus_builtin.FEATURES_ABORT_NO, nauthilus_builtin.FEATURE_RESULT_OK
    end`,
    'post.lua': `
    dynamic_loader("nauthilus_redis")
    local redis = require("nauthilus_redis")
    function nauthilus_call_action(request)
      redis.redis_incr("default", "noted:" .. request.username .. ":" .. request.feature)
      return nauthilus_builtin.ACTION_RESULT_OK
    end`,
    'filter.lua': `function nauthilus_call_filter(request)
      assert(request.authenticated and request.account == request.username and request.service == "policy")
      if request.username == "filtered" then return nauthilus_builtin.FILTER_REJECT, nauthilus_builtin.FILTER_RESULT_OK end
      return nauthilus_builtin.FILTER_ACCEPT, nauthilus_builtin.FILTER_RESULT_OK
    end`,
  },
);
await server.server.listen();
const redis = server.services.redis.defaultHandle;

interface Answer {
  readonly status: number;
  readonly body: unknown;
}

async function post(query: string, body: object | string, authorization = AUTHORIZATION): Promise<Answer> {
  const answer = await server.request({
    url: `/api/v1/auth/policy${query}`,
    headers: { authorization, 'content-type': 'application/json' },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });
  return { status: answer.status, body: answer.body === '' ? '' : JSON.parse(answer.body) };
}

/** As Dovecot 2.3.19 writes it, `tls` always last. */
const asked = (login: string, remote: string, pwhash = '0a1b', more: object = {}) => ({
  device_id: '',
  login,
  protocol: 'imap',
  pwhash,
  remote,
  session_id: 'q3Rk5HIJ0tbAAAIH',
  ...more,
  tls: false,
});
const failed = { success: false, policy_reject: false };
const allow = (login: string, remote: string, pwhash?: string, more?: object) =>
  post('?command=allow', asked(login, remote, pwhash, more));
const report = (login: string, remote: string, pwhash?: string, more: object = failed) =>
  post('?command=report', asked(login, remote, pwhash, more));
const failures = async (ip: string) => Number((await redis.read('GET', `nt:bf:120:32:3:4:${ip}/32`)) ?? 0);
const known = async (login: string, remote: string) => {
  await report(login, remote, '0fff', { success: true, policy_reject: false });
  while ((await redis.read('HGET', 'nt:USER', login)) !== login) await new Promise(setImmediate);
};

const GO_ON: Answer = { status: 200, body: { status: 0, msg: '' } };
const NO: Answer = { status: 200, body: { status: -1, msg: 'Invalid login or password' } };
const NOTED: Answer = { status: 200, body: { status: 'ok' } };

test('wrong passwords of a network fill its rule, and then everybody there is refused', async () => {
  for (const pwhash of ['0001', '0002', '0003']) {
    assert.deepEqual(await allow('mia', '192.0.2.10', pwhash), GO_ON);
    assert.deepEqual(await report('mia', '192.0.2.10', pwhash), NOTED);
  }
  assert.equal(await failures('192.0.2.10'), 3);
  assert.deepEqual(await allow('mia', '192.0.2.10', '0004'), NO);
  assert.deepEqual(await allow('joe', '192.0.2.10', '0005'), NO);
  assert.deepEqual(await allow('mia', '192.0.2.11', '0004'), GO_ON);
});

test('right passwords, refusals of a policy and faults of the client count nothing', async () => {
  await report('mia', '192.0.2.12', '0001', { success: true, policy_reject: false });
  await report('mia', '192.0.2.12', '0002', { success: false, policy_reject: true });
  await report('mia', '192.0.2.12', '0003', { ...failed, fail_type: 'internal' });
  await allow('mia', '192.0.2.12', '0004');
  assert.equal(await failures('192.0.2.12'), 0);
  await report('mia', '192.0.2.12', '0005', { ...failed, fail_type: 'credentials' });
  assert.equal(await failures('192.0.2.12'), 1);
});

test('the same wrong password of somebody who has logged in before counts once', async () => {
  await known('ann', '192.0.2.13');
  for (let i = 0; i < 5; i++) await report('ann', '192.0.2.13', '0001');
  assert.equal(await failures('192.0.2.13'), 1);
  for (let i = 0; i < 2; i++) await report('nobody', '192.0.2.14', '0001');
  assert.equal(await failures('192.0.2.14'), 2);
});

test('without a hash, or with that of no password, every failure counts', async () => {
  await known('eve', '192.0.2.15');
  for (let i = 0; i < 2; i++) await report('eve', '192.0.2.15', '');
  await report('eve', '192.0.2.15', '0001', { ...failed, attrs: { mech: 'CRAM-MD5' } });
  assert.equal(await failures('192.0.2.15'), 3);
});

test('a block excuses the known mistake only when the hash is long enough to be no chance', async () => {
  for (const [ip, pwhash] of [
    ['192.0.2.16', '0001'],
    ['192.0.2.17', 'e3b0c44298fc1c14'],
  ] as const) {
    await known('tom', ip);
    for (let i = 0; i < 2; i++) await report('tom', ip, pwhash);
    for (let i = 0; i < 2; i++) await report('other', ip, `000${i}`);
    assert.equal(await failures(ip), 3, ip);
  }
  assert.deepEqual(await allow('tom', '192.0.2.16', '0001'), NO);
  assert.deepEqual(await allow('tom', '192.0.2.17', 'e3b0c44298fc1c14'), GO_ON);
  await report('tom', '192.0.2.17', 'e3b0c44298fc1c14');
  assert.equal(await failures('192.0.2.17'), 3);
  assert.deepEqual(await allow('tom', '192.0.2.17', 'ffffffffffffffff'), NO);
});

test('features and filters refuse with their message', async () => {
  assert.deepEqual(await allow('listed', '192.0.2.20'), { status: 200, body: { status: -1, msg: 'You are listed' } });
  assert.deepEqual(await allow('filtered', '192.0.2.20'), NO);
  const clear = { status: 200, body: { status: -1, msg: 'TLS transport encryption required' } };
  assert.deepEqual(await allow('mia', '203.0.113.20'), clear);
  assert.deepEqual(await post('?command=allow', { ...asked('mia', '203.0.113.20'), tls: true }), GO_ON);
});

test('post actions follow refusals of features and filters alike, and nothing else', async () => {
  await allow('listed', '198.51.100.40');
  await allow('filtered', '198.51.100.40');
  await allow('unrefused', '198.51.100.40');
  await report('unrefused', '198.51.100.40', '0fff', { success: true, policy_reject: false });
  await server.settled();
  const noted = async (who: string) => Number((await redis.read('GET', `noted:${who}`)) ?? 0);
  assert.ok((await noted('listed:lua')) > 0);
  assert.ok((await noted('filtered:')) > 0);
  assert.equal(await noted('unrefused:'), 0);
});

test('a fault is no answer at all, and is counted nowhere', async () => {
  const { status, body } = await allow('broken', '192.0.2.21');
  assert.equal(status, 500);
  assert.deepEqual(body, { msg: 'Temporary server problem, try again later' });
  assert.equal(await failures('192.0.2.21'), 0);
});

test('a request of a weakforced client needs little more than login, remote and the hash', async () => {
  const request = {
    login: 'ahu',
    remote: '192.0.2.22',
    pwhash: '1234',
    protocol: 'imap',
    attrs: { accountStatus: 'b' },
  };
  assert.deepEqual(await post('?command=allow', request), GO_ON);
  assert.deepEqual(await post('?x=1&command=report', { ...request, success: false }), NOTED);
  assert.equal(await failures('192.0.2.22'), 1);
});

test('what is no such request is refused, and a login that nobody may have is an answer', async () => {
  for (const body of ['', '[]', '{"login":', { login: 7 }, { login: '' }, { remote: '192.0.2.23' }]) {
    assert.equal((await post('?command=allow', body)).status, 400, JSON.stringify(body));
  }
  assert.equal((await post('?command=report', asked('mia', '192.0.2.23'))).status, 400);
  assert.equal((await post('?command=reset', asked('mia', '192.0.2.23'))).status, 400);
  const { body } = await allow('mia%example', '192.0.2.23');
  assert.deepEqual(body, { status: -1, msg: 'invalid username' });
});

test('it is for clients of the API', async () => {
  assert.equal((await post('?command=allow', asked('mia', '192.0.2.24'), '')).status, 401);
  const wrong = `Basic ${Buffer.from('mail:wrong').toString('base64')}`;
  assert.equal((await post('?command=report', { ...asked('mia', '192.0.2.24'), ...failed }, wrong)).status, 403);
  assert.equal(await failures('192.0.2.24'), 0);
});

describe("Dovecot's own client", { skip: dovecotImapMissing }, () => {
  let dovecot: DovecotImap;

  before(async () => {
    dovecot = await startDovecotImap(
      { users: 'mia:{PLAIN}simple\nlisted:{PLAIN}simple\nbroken:{PLAIN}simple\n' },
      (file) => `  driver = passwd-file\n  args = ${file('users')}`,
      await freePort(),
      `auth_policy_server_url = http://${server.server.address}/api/v1/auth/policy
auth_policy_server_api_header = Authorization: ${AUTHORIZATION}
auth_policy_hash_nonce = a-random-text
service anvil {
  unix_listener anvil-auth-penalty {
    mode = 0
  }
}`,
    );
  });
  after(() => dovecot?.close());

  /** What `doveadm auth test` says of a login over IMAP from an address. */
  async function login(user: string, password: string, ip: string): Promise<string> {
    const options = ['-c', dovecot.configFile, 'auth', 'test', '-x', `rip=${ip}`, '-x', 'service=imap'];
    const { stdout } = await promisify(execFile)('doveadm', [...options, user, password]).catch(
      (error: { stdout?: string }) => ({ stdout: error.stdout ?? String(error) }),
    );
    return stdout.trim();
  }

  test('logs users in, until a network has failed too often', async () => {
    assert.match(await login('mia', 'simple', '198.51.100.7'), /auth succeeded/, dovecot.log());
    for (let i = 1; i <= 3; i++) {
      assert.match(await login('mia', `wrong${i}`, '198.51.100.7'), /auth failed/);
      // It reports after it has answered.
      for (let wait = 0; wait < 200 && (await failures('198.51.100.7')) < i; wait++) await setTimeout(10);
      assert.equal(await failures('198.51.100.7'), i, dovecot.log());
    }
    const refused = await login('mia', 'simple', '198.51.100.7');
    assert.match(refused, /auth failed/);
    assert.match(refused, /reason=Invalid login or password/);
    assert.match(await login('mia', 'simple', '198.51.100.8'), /auth succeeded/);
  });

  test('shows the message of a feature, and goes on without an answer as it is configured', async () => {
    assert.match(await login('listed', 'simple', '198.51.100.9'), /reason=You are listed/);
    assert.match(await login('broken', 'simple', '198.51.100.9'), /auth succeeded/);
    assert.match(dovecot.log(), /Policy server HTTP error: .*500/);
  });
});

test('no password and no hash is in the log', () => {
  assert.doesNotMatch(server.output(), /api-secret|e3b0c44298fc1c14/);
});
