/** The demo artifact does what the README promises: the three logins, with their log lines. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import {
  DEMO_ARTIFACT,
  makeSandbox,
  ROOT,
  type RunningServer,
  runNode,
  type Sandbox,
  startServer,
} from './cli/sandbox.ts';

let sandbox: Sandbox;
let server: RunningServer;
before(async () => {
  const demo = readFileSync(join(ROOT, 'nauthilus.yml'), 'utf8').replace('127.0.0.1:9080', '127.0.0.1:0');
  sandbox = makeSandbox({ 'nauthilus.yml': demo });
  server = await startServer([DEMO_ARTIFACT, 'start', '-c', 'nauthilus.yml'], sandbox.folder);
});
after(async () => {
  assert.equal(await server.stop(), 0);
  sandbox.remove();
});

interface Attempt {
  readonly username: string;
  readonly password: string;
  readonly ip?: string;
  readonly protocol?: string;
}

function attempt({ username, password, ip = '192.0.2.7', protocol = 'imap' }: Attempt): Promise<Response> {
  return fetch(`${server.url}/api/v1/auth/json`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ username, password, client_ip: ip, service: protocol }),
  });
}

test('the demo user logs in, and the post action remembers it', async () => {
  const response = await attempt({ username: 'alice', password: 'wonderland' });
  assert.equal(response.status, 200);
  assert.equal(response.headers.get('auth-status'), 'OK');
  assert.equal(response.headers.get('auth-user'), 'alice@example.test');
  const body: { readonly attributes: Readonly<Record<string, unknown>> } = JSON.parse(await response.text());
  assert.deepEqual(body.attributes.quota, [1048576]);
  await server.waitFor(/username=alice .*authenticated=ok .*account_state=active/);
  await server.waitFor(/msg="Lua actions finished" last_login=stored lua\/policies\/last_login\.lua=success/);
});

test('all three password schemes of the demo are compared', async () => {
  assert.equal((await attempt({ username: 'BOB', password: 'builder' })).status, 200);
  assert.equal((await attempt({ username: 'alice', password: 'Wonderland' })).status, 403);
  assert.equal((await attempt({ username: 'bob', password: '' })).status, 403);
  assert.equal((await attempt({ username: 'nobody', password: 'x' })).status, 403);
});

test('the feature rejects a blocked network before the password counts, and an action counts it', async () => {
  const response = await attempt({ username: 'bob', password: 'builder', ip: '203.0.113.9' });
  assert.equal(response.status, 403);
  assert.equal(response.headers.get('auth-status'), 'You are not allowed to log in here');
  await server.waitFor(/client_ip=203\.0\.113\.9 .*feature=lua .*authenticated=fail .*blocklist=network/);
  await server.waitFor(/blocked_within_hour=1 lua\/policies\/count_blocked\.lua=success/);
});

test('the feature rejects a name that only robots try', async () => {
  assert.equal((await attempt({ username: 'Root', password: 'x' })).status, 403);
  await server.waitFor(/username=Root .*blocklist=username/);
});

test('the filter rejects a disabled account although the password is right', async () => {
  await attempt({ username: 'carol', password: 'singer' });
  // The second time the password is known from memory: the filter decides all the same.
  const response = await attempt({ username: 'carol', password: 'singer' });
  assert.equal(response.status, 403);
  assert.equal(response.headers.get('auth-status'), 'This account is disabled');
  await server.waitFor(/username=carol .*authenticated=fail .*account_state=disabled/);
  await server.waitFor(/rejected_by="account_state disabled"/);
});

test('the filter rejects a protocol that an account may not use', async () => {
  const response = await attempt({ username: 'bob', password: 'builder', protocol: 'smtp' });
  assert.equal(response.headers.get('auth-status'), 'This account may not use smtp');
});

test('mode no-auth gives the data of a user without a password, list-accounts the accounts', async () => {
  const headers = { 'Auth-User': 'bob', 'Auth-Protocol': 'lookup', 'Client-IP': '192.0.2.7' };
  const found = await fetch(`${server.url}/api/v1/auth/header?mode=no-auth`, { headers });
  assert.equal(found.status, 200);
  assert.equal(found.headers.get('x-nauthilus-account'), 'bob@example.test');
  const list = await fetch(`${server.url}/api/v1/auth/header?mode=list-accounts`, {
    headers: { ...headers, Accept: 'application/json' },
  });
  assert.deepEqual(await list.json(), ['alice@example.test', 'bob@example.test', 'carol@example.test']);
});

test('a script in the artifact starts threads, which are the artifact again', async () => {
  sandbox.write(
    'threads.lua',
    `dynamic_loader("nauthilus_gll_plugin")
      local answers = channel.make(1)
      local p = require("plugin").do_string("arg[1]:send(require('json').encode({ 6 * 7 }))", answers)
      p:run()
      print(p:wait(20), select(2, answers:receive()))`,
  );
  const { stdout, stderr } = await runNode([DEMO_ARTIFACT, 'run', 'threads.lua'], sandbox.folder);
  assert.equal(stdout, 'nil\t[42]\n', stderr);
});

test('start says once that the embedded store shares and keeps nothing', () => {
  const output = server.stdout() + server.stderr();
  assert.equal(output.match(/nothing is shared or kept/g)?.length, 1, output.slice(0, 2000));
});

test('the init script has said that it ran', () => {
  assert.match(server.stdout(), /level=info msg="demo policies are ready" script=init/);
});

test('no password is in the output', () => {
  assert.doesNotMatch(server.stdout() + server.stderr(), /wonderland|builder|singer/i);
});

test('the artifact has help, a version and check, but no build', async () => {
  const run = (...args: string[]) => runNode([DEMO_ARTIFACT, ...args], sandbox.folder);
  const help = await run('--help');
  assert.equal(help.code, 0);
  assert.match(help.stdout, /start .*\n[\s\S]*/);
  assert.doesNotMatch(help.stdout, /^ {2}build/m);
  const { version } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
  assert.equal((await run('--version')).stdout, `${version}\n`);
  assert.equal((await run('check', '-c', 'nauthilus.yml')).code, 0);
});
