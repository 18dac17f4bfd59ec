/** What a reload of the configuration takes over, what it leaves for a restart, and where that can be seen. */
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

async function reload({ server, output }: TestServer, text: string): Promise<string> {
  const config = configOf(text);
  const before = output().length;
  await server.swap({ program: compileSources(config, SOURCES), config });
  return output().slice(before);
}

async function accountOf(server: TestServer, prefix: string, user: string): Promise<unknown> {
  await server.request({ url: '/api/v1/auth/header', headers: loginHeaders(user, 'x') });
  return server.services.redis.defaultHandle.read('HGET', `${prefix}USER`, user);
}

async function statusOf(server: TestServer) {
  const { body } = await server.request({ method: 'GET', url: '/statusz' });
  return JSON.parse(body);
}

test('a new prefix of Redis counts from the reload on, in the stages and where instances tell each other things', async () => {
  const server = await startServer(BEFORE, SOURCES);
  assert.equal(await accountOf(server, 'nt:', 'mia'), 'of-mia');
  assert.doesNotMatch(await reload(server, BEFORE.replace('"nt:"', '"other:"')), /needs a restart/);
  assert.equal(await accountOf(server, 'other:', 'tom'), 'of-tom');
  assert.equal(await server.services.redis.defaultHandle.read('HGET', 'nt:USER', 'tom'), null);
  const publish = (prefix: string) =>
    server.services.redis.defaultHandle.write('PUBLISH', `${prefix}nauthilus:forget`, '{}');
  assert.equal(await publish('nt:'), 0);
  assert.equal(await publish('other:'), 1);
});

test('the sockets wait for a restart, and each reload says so', async () => {
  const server = await startServer(BEFORE, SOURCES);
  const named = async (text: string) =>
    [...(await reload(server, text)).matchAll(/"(\S+) has changed: the new value needs a restart/g)].map(
      ([, it]) => it,
    );
  const moved = BEFORE.replace('127.0.0.1:0', '127.0.0.1:1');
  assert.deepEqual(await named(moved), ['server.address']);
  assert.deepEqual(await named(moved), ['server.address']);
  assert.deepEqual((await statusOf(server)).needs_restart, ['server.address']);
  assert.deepEqual(await named(configText('backends: [lua]\nunix_socket: { path: /run/x }', LUA)), [
    'server.unix_socket',
  ]);
  assert.deepEqual(await named(BEFORE), []);
  assert.deepEqual((await statusOf(server)).needs_restart, []);
});

test('services with changed settings are new, all others are the same objects', async () => {
  const server = await startServer(BEFORE, SOURCES);
  const renewed = async (line: string, rest = LUA) => {
    const before = server.server.services;
    await reload(server, configText(`backends: [lua]\n${line}`, rest));
    const after = server.server.services;
    return (['redis', 'dns', 'http', 'geoip', 'cache', 'log', 'metrics'] as const).filter(
      (name) => before[name] !== after[name],
    );
  };
  assert.deepEqual(await renewed('http_client: { proxy: "http://127.0.0.1:1" }'), ['http']);
  assert.deepEqual(await renewed('http_client: { proxy: "http://127.0.0.1:1" }'), []);
  assert.deepEqual(await renewed('geoip: { databases: [a.mmdb] }'), ['http', 'geoip']);
  assert.deepEqual(await renewed('dns: { timeout: 2, resolve_client_ip: true }'), ['dns', 'geoip']);
  assert.deepEqual(await renewed('dns: { timeout: 2 }'), []);
});

test('log, names, durations and limits follow the new configuration at once', async () => {
  const server = await startServer(BEFORE, SOURCES);
  const { cache } = server.services;
  for (const key of ['a', 'b', 'c']) cache.set(key, key, 0);
  const text = configText(
    'backends: [lua]\ninstance_name: two\nprometheus_timer: { enabled: true, labels: [backend] }',
    LUA.replace('lua: {', 'lua: { cache: { max_entries: 2 },'),
  ).replace('level: debug', 'level: info, json: true');
  await reload(server, text);
  assert.deepEqual(cache.keys(), ['b', 'c']);
  const before = server.output().length;
  await server.request({ url: '/api/v1/auth/header', headers: loginHeaders('mia', 'x') });
  const lines = server.output().slice(before).trim().split('\n');
  assert.equal(JSON.parse(lines.at(-1) ?? '').instance, 'two');
  const page = await server.services.metrics.text();
  assert.match(page, /nauthilus_version_info\{instance_name="two"/);
  assert.doesNotMatch(page, /nauthilus_version_info\{instance_name="nauthilus"/);
  assert.match(page, /^http_response_time_seconds_count\{path="\/api\/v1\/auth\/header"\} 1$/m);
});

test('the rest is taken over, and the same configuration again is no reload', async () => {
  const server = await startServer(BEFORE, SOURCES);
  const config = configOf(configText('backends: [lua]\nbasic_auth: { enabled: true, username: a, password: b }', LUA));
  const program = compileSources(config, SOURCES);
  await server.server.swap({ program, config });
  const refused = await server.request({ url: '/api/v1/auth/header', headers: loginHeaders('mia', 'x') });
  assert.equal(refused.status, 401);
  await server.server.swap({ program, config });
  assert.equal(server.output().match(/Reloading configuration file finished/g)?.length, 1);
});

test('status and metrics show the generation, the last reload and why it failed', async () => {
  const server = await startServer(BEFORE, SOURCES);
  const first = await statusOf(server);
  assert.deepEqual(
    { ...first, started: '', generation_since: '' },
    { process: process.pid, started: '', generation: 1, generation_since: '', last_reload: null, needs_restart: [] },
  );
  const metric = async (name: string) =>
    new RegExp(`^nauthilus_config_${name} (.*)$`, 'm').exec(await server.services.metrics.text())?.[1];
  assert.equal(await metric('last_reload_successful'), '1');
  await reload(server, BEFORE.replace('lua]', 'cache, lua]'));
  assert.equal(await metric('generation'), '2');
  assert.equal(await metric('reloads_total{result="success"}'), '1');
  const empty = { scripts: new Map(), modules: new Map() };
  await assert.rejects(server.server.swap({ program: empty, config: configOf(BEFORE) }));
  server.server.refuse(['nauthilus.yml:3: server.backends: no']);
  assert.equal(await metric('last_reload_successful'), '0');
  assert.equal(await metric('reloads_total{result="failure"}'), '2');
  const { last_reload: last, generation } = await statusOf(server);
  assert.equal(generation, 2);
  assert.equal(last.result, 'failure');
  assert.deepEqual(last.problems, ['nauthilus.yml:3: server.backends: no']);
  await reload(server, BEFORE);
  assert.equal((await statusOf(server)).last_reload.result, 'success');
  const seconds = Number(await metric('last_reload_success_timestamp_seconds'));
  assert.ok(Math.abs(seconds - Date.now() / 1000) < 60);
});
