/** What a reload of the configuration takes over, and what it leaves for a restart. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compileSources, configOf, configText, loginHeaders, startServer, type TestServer } from './login-server.ts';

const SOURCES = {
  'backend.lua': `
    function nauthilus_backend_verify_password(request)
      local result = nauthilus_backend_result.new()
      result:user_found(true)
      result:account_field("account")
      result:attributes({ account = "of-" .. request.username })
      result:authenticated(true)
      return 0, result
    end`,
};
const LUA = 'lua: { config: { backend_script_path: backend.lua } }';
const BEFORE = configText('backends: [lua]', LUA);

function reload({ server, output }: TestServer, text: string): string {
  const config = configOf(text);
  const before = output().length;
  server.swap({ program: compileSources(config, SOURCES), config });
  return output().slice(before);
}

async function accountOf(server: TestServer, prefix: string, user: string): Promise<unknown> {
  await server.request({ url: '/api/v1/auth/header', headers: loginHeaders(user, 'x') });
  return server.services.redis.defaultHandle.read('HGET', `${prefix}USER`, user);
}

test('a new prefix of Redis waits for a restart, in the stages too, and each reload says so', async () => {
  const server = await startServer(BEFORE, SOURCES);
  const changed = BEFORE.replace('"nt:"', '"other:"');
  assert.match(reload(server, changed), /server\.redis has changed: the new value needs a restart/);
  assert.match(reload(server, changed), /server\.redis has changed/);
  assert.equal(await accountOf(server, 'nt:', 'mia'), 'of-mia');
  assert.equal(await accountOf(server, 'other:', 'mia'), null);
  assert.doesNotMatch(reload(server, BEFORE), /needs a restart/);
});

test('every setting that only a restart changes is named, secrets without their value', async () => {
  const server = await startServer(BEFORE, SOURCES);
  const name = (line: string, rest = LUA) =>
    [...reload(server, configText(`backends: [lua]\n${line}`, rest)).matchAll(/"(\S+) has changed/g)].map(
      ([, it]) => it,
    );
  assert.deepEqual(name('http_client: { proxy: "http://127.0.0.1:1" }'), ['server.http_client']);
  assert.deepEqual(name('geoip: { databases: [a.mmdb] }'), ['server.geoip']);
  assert.deepEqual(name('prometheus_timer: { enabled: true, labels: [backend] }'), ['server.prometheus_timer']);
  assert.deepEqual(name('dns: { timeout: 2, resolve_client_ip: true }'), ['server.dns']);
  assert.deepEqual(name('dns: { resolve_client_ip: true }'), []);
  assert.deepEqual(name('', `${LUA}\n`.replace('lua: {', 'lua: { cache: { max_entries: 5 },')), ['lua.cache']);
  const shown = reload(server, BEFORE.replace('password_nonce: test', 'password_nonce: CANARYNONCE'));
  assert.match(shown, /server\.redis has changed/);
  assert.doesNotMatch(server.output(), /CANARYNONCE/);
});

test('the rest is taken over, and the same configuration again is no reload', async () => {
  const server = await startServer(BEFORE, SOURCES);
  const config = configOf(configText('backends: [lua]\nbasic_auth: { enabled: true, username: a, password: b }', LUA));
  const program = compileSources(config, SOURCES);
  server.server.swap({ program, config });
  const refused = await server.request({ url: '/api/v1/auth/header', headers: loginHeaders('mia', 'x') });
  assert.equal(refused.status, 401);
  server.server.swap({ program, config });
  assert.equal(server.output().match(/Reloading configuration file finished/g)?.length, 1);
});
