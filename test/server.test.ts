/** Starting, swapping and closing a server. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import http from 'node:http';
import https from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { createServer } from '../runtime/index.ts';
import { openServices } from '../runtime/services/index.ts';
import { compileSources, configOf, configText, LOADER, loginHeaders, startServer } from './login-server.ts';

const LUA = 'lua: { config: { backend_script_path: backend.lua } }';
const backendSaying = (word: string) => ({
  'backend.lua': `
    dynamic_loader("nauthilus_misc")
    local misc = require("nauthilus_misc")
    function nauthilus_backend_verify_password(request)
      if request.username == "slow" then misc.wait_random(150, 151) end
      local result = nauthilus_backend_result.new()
      result:user_found(true)
      result:account_field("account")
      result:attributes({ account = request.username, word = "${word}" })
      result:authenticated(true)
      return 0, result
    end`,
});

function login(address: string, user: string): Promise<{ status: number | undefined; word: string | undefined }> {
  return new Promise((resolve, reject) => {
    const { port } = new URL(`http://${address}`);
    const options = { port, method: 'POST', path: '/api/v1/auth/header?in-memory=0', headers: loginHeaders(user, 'x') };
    const sent = http.request(options, (answer) => {
      answer.resume();
      answer.on('end', () => resolve({ status: answer.statusCode, word: String(answer.headers['x-nauthilus-word']) }));
    });
    sent.on('error', reject);
    sent.end();
  });
}

/** Of the next request at any server of this process. */
function requestArrival(): Promise<void> {
  const channel = 'http.server.request.start';
  return new Promise((resolve) => {
    const take = (): void => {
      unsubscribe(channel, take);
      resolve();
    };
    subscribe(channel, take);
  });
}

test('a swap changes what comes next and nothing that is under way', async () => {
  const { server, swap } = await startServer(configText('backends: [lua]', LUA), backendSaying('old'));
  await server.listen();
  const arrived = requestArrival();
  const running = login(server.address, 'slow');
  await arrived;
  await new Promise((resolve) => setTimeout(resolve, 50));
  await swap(backendSaying('new'));
  assert.equal((await login(server.address, 'fast')).word, 'new');
  assert.equal((await running).word, 'old');
});

test('a swap that cannot work changes nothing', async () => {
  const started = await startServer(configText('backends: [lua]', LUA), backendSaying('old'));
  await started.server.listen();
  const empty = { scripts: new Map(), modules: new Map() };
  await assert.rejects(started.server.swap({ program: empty }), /the script backend\.lua is not part of this build/);
  assert.equal((await login(started.server.address, 'fast')).word, 'old');
});

test('no login fails while scripts are swapped', async () => {
  const { server, swap } = await startServer(configText('backends: [lua]', LUA), backendSaying('0'));
  await server.listen();
  const answers: Promise<{ status: number | undefined }>[] = [];
  for (let round = 1; round <= 10; round++) {
    for (let i = 0; i < 10; i++) answers.push(login(server.address, i % 5 === 0 ? 'slow' : 'fast'));
    await swap(backendSaying(String(round)));
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  for (const { status } of await Promise.all(answers)) assert.equal(status, 200);
});

test('closing waits for running logins and then refuses connections', async () => {
  const { server } = await startServer(configText('backends: [lua]', LUA), backendSaying('old'));
  await server.listen();
  const { address } = server;
  const arrived = requestArrival();
  const running = login(address, 'slow');
  await arrived;
  await new Promise((resolve) => setTimeout(resolve, 50));
  const before = performance.now();
  await server.close();
  assert.equal((await running).status, 200);
  assert.ok(performance.now() - before < 2000, 'idle connections do not hold up the end');
  await assert.rejects(login(address, 'fast'), /ECONNREFUSED/);
});

test('an address in use stops the start', async () => {
  const first = await startServer(configText('backends: [lua]', LUA), backendSaying('old'));
  await first.server.listen();
  const text = configText('backends: [lua]', LUA).replace('127.0.0.1:0', first.server.address);
  const config = configOf(text);
  const services = await openServices(config, { sink: { write: () => {}, close: async () => {} } });
  const second = await createServer({
    config,
    program: compileSources(config, backendSaying('x')),
    loader: LOADER,
    services,
  });
  await assert.rejects(second.listen(), /EADDRINUSE/);
  await second.close();
  await services.close();
});

test('TLS files that are gone when the server starts stop it with their names', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'nauthilus-tls-'));
  const cert = join(folder, 'cert.pem');
  writeFileSync(cert, '');
  const config = configOf(configText(`backends: [lua]\ntls: { enabled: true, cert: "${cert}", key: "${cert}" }`, LUA));
  rmSync(folder, { recursive: true });
  const program = compileSources(config, backendSaying('x'));
  await assert.rejects(createServer({ config, program, loader: LOADER }), /cert\.pem is not readable/);
});

const hasOpenssl = spawnSync('openssl', ['version']).status === 0;

test('the API is served over TLS', { skip: hasOpenssl ? false : 'openssl is not installed' }, async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'nauthilus-tls-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const [cert, key] = [join(folder, 'cert.pem'), join(folder, 'key.pem')];
  const request = ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2'];
  spawnSync('openssl', [...request, '-subj', '/CN=localhost', '-keyout', key, '-out', cert]);
  const text = configText(`backends: [lua]\ntls: { enabled: true, cert: "${cert}", key: "${key}" }`, LUA);
  const { server, lines } = await startServer(text, backendSaying('secure'));
  await server.listen();
  const { port } = new URL(`https://${server.address}`);
  const status = await new Promise((resolve, reject) => {
    const sent = https.get({ port, path: '/ping', rejectUnauthorized: false, agent: false }, (answer) => {
      answer.resume();
      answer.on('end', () => resolve(answer.statusCode));
    });
    sent.on('error', reject);
  });
  assert.equal(status, 200);
  assert.match(lines().find(({ uri_path }) => uri_path === '/ping')?.tls_protocol ?? '', /^TLSv1\.[23]$/);
});
