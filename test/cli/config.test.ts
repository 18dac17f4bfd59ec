/** `nauthilus config`: what a server would run with, from the sources and from the bundle. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { parse } from 'yaml';
import { backendText, configText, makeSandbox, ROOT, runNode, type Sandbox, SOURCES } from './sandbox.ts';

const SCHEMA = readFileSync(join(ROOT, 'docs/nauthilus.schema.json'), 'utf8');

let sandbox: Sandbox;
before(() => {
  sandbox = makeSandbox({ 'nauthilus.yml': configText({ redis: '127.0.0.1:6379' }), 'backend.lua': backendText('x') });
});
after(() => sandbox.remove());

const config = (args: readonly string[], env: Readonly<Record<string, string>> = {}) =>
  runNode([SOURCES, 'config', ...args], sandbox.folder, env);

test('file, environment and defaults are printed as YAML, and read again they are the same', async () => {
  const first = await config(['-c', 'nauthilus.yml'], { NAUTHILUS_SERVER_INSTANCE_NAME: 'from-outside' });
  assert.deepEqual([first.code, first.stderr], [0, '']);
  const { server, lua, environment } = parse(first.stdout);
  assert.equal(server.instance_name, 'from-outside');
  assert.equal(server.log.level, 'info');
  assert.equal(server.max_concurrent_requests, 3000);
  assert.equal(lua.config.backend_script_path, 'backend.lua');
  assert.equal(environment.lua_script_timeout, 120);
  sandbox.write('printed.yml', first.stdout);
  assert.equal((await config(['-c', 'printed.yml'])).stdout, first.stdout);
});

test('no secret is printed, wherever it comes from', async () => {
  sandbox.write(
    'secrets.yml',
    `server:
  backends: [ldap]
  basic_auth: { enabled: true, username: api, password: canary1-long-enough-for-anybody }
  http_client: { proxy: "http://user:canary2/with@signs@proxy:3128" }
  redis: { pool_size: 1, password_nonce: canary3, master: { address: "127.0.0.1:1", password: canary4 } }
ldap:
  config: { server_uri: "ldap://127.0.0.1:1", bind_dn: cn=x, bind_pw: canary5 }
  search: [{ protocol: imap, base_dn: b, filter: { user: "(uid=%{user})" }, mapping: { account_field: a }, attribute: [a] }]
oauth2:
  clients: [{ client_secret: canary6 }]
`,
  );
  const environment = { NAUTHILUS_SERVER_REDIS_SENTINELS_PASSWORD: 'canary7', NAUTHILUS_NO_SUCH_THING: 'canary8' };
  const { code, stdout, stderr } = await config(['-c', 'secrets.yml'], environment);
  assert.equal(code, 0, stderr);
  assert.doesNotMatch(stdout + stderr, /canary|signs/);
  const { server, ldap } = parse(stdout);
  assert.equal(server.basic_auth.password, '***');
  assert.equal(server.redis.sentinels.password, '***');
  assert.equal(server.redis.cluster.password, '');
  assert.equal(server.http_client.proxy, 'http://***@proxy:3128');
  assert.equal(ldap.config.bind_pw, '***');
});

test('what is shown of the file beside a mistake has no secrets, not even of misspelt keys', async () => {
  sandbox.write(
    'leaky.yml',
    `server:
  backends: [lua]
  basic_auth: "api:canary1"
  redis: { pasword_nonce: canary2, master: { password: canary3, adress: "h:1" } }
  http_client: { proxy: "http://u:canary4@h", proxi: x }
  instance_nam: x
oauth2: { key: canary5 }
lua: { config: { backend_script_path: b.lua } }
`,
  );
  const { code, stderr } = await config(['-c', 'leaky.yml']);
  assert.equal(code, 1);
  assert.doesNotMatch(stderr, /canary/);
  assert.match(stderr, /\n {2}4 \| {3}redis: \{ pasword_nonce: \*+, master: \{ password: \*+, adress: \*+ \} \}\n/);
  assert.match(stderr, /\n {2}2 \| {3}backends: \[lua\]\n/);
});

test('warnings go to stderr beside the configuration; mistakes leave stdout empty and end with 1', async () => {
  sandbox.write('embedded.yml', configText());
  const warned = await config(['-c', 'embedded.yml']);
  assert.equal(warned.code, 0);
  assert.match(warned.stderr, /^embedded\.yml:\d+:\d+: warning: server\.redis: no Redis address configured/);
  assert.equal(parse(warned.stdout).server.redis.password_nonce, '***');
  sandbox.write('broken.yml', configText().replace('backends', 'backend'));
  const broken = await config(['-c', 'broken.yml']);
  assert.deepEqual([broken.code, broken.stdout], [1, '']);
  assert.match(broken.stderr, /server\.backend: unknown key[\s\S]*did you mean 'backends'\?/);
  assert.equal((await config(['--colour'])).code, 2);
});

test('--schema prints the schema that is in docs', async () => {
  assert.deepEqual(await config(['--schema']), { code: 0, stdout: SCHEMA, stderr: '' });
});

test('the bundle prints the same', async () => {
  assert.equal((await runNode([SOURCES, 'build'], sandbox.folder)).code, 0);
  const bundled = (...args: string[]) => runNode(['dist/nauthilus.mjs', 'config', ...args], sandbox.folder);
  assert.deepEqual(await bundled('-c', 'nauthilus.yml'), await config(['-c', 'nauthilus.yml']));
  assert.deepEqual(await bundled('--schema'), { code: 0, stdout: SCHEMA, stderr: '' });
});
