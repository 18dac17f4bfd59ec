/** JSON Web Tokens for hooks: tokens are made by hand here, and everything that is not quite right is refused. */
import assert from 'node:assert/strict';
import { createHmac, createPublicKey, generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import { parseConfig } from '../../runtime/config/index.ts';
import { configText, startServer } from '../login-server.ts';

const SECRET = 'canary-0123456789abcdef0123456789';
const folder = mkdtempSync(join(tmpdir(), 'nauthilus-jwt-'));
after(() => rmSync(folder, { recursive: true, force: true }));

const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 });
const other = generateKeyPairSync('rsa', { modulusLength: 2048 });
const ec = generateKeyPairSync('ec', { namedCurve: 'prime256v1' });
const rsaPem = rsa.publicKey.export({ type: 'spki', format: 'pem' });
writeFileSync(join(folder, 'rsa.pem'), rsaPem);
const jwk = (key: KeyObject, kid: string, alg: string) => ({ ...key.export({ format: 'jwk' }), kid, alg, use: 'sig' });
const set = { keys: [jwk(rsa.publicKey, 'one', 'RS256'), jwk(ec.publicKey, 'two', 'ES256')] };
writeFileSync(join(folder, 'set.json'), JSON.stringify(set));

const SOURCES = {
  'backend.lua': `function nauthilus_backend_verify_password(request) return 1, nil end`,
  'hook.lua': `function nauthilus_run_hook(call) return { subject = call.subject } end`,
};

const start = (jwt: string) =>
  startServer(
    configText(
      `
backends: [lua]
basic_auth: { enabled: true, username: api, password: pw }
jwt_auth: { ${jwt} }
`,
      `
lua:
  config: { backend_script_path: backend.lua }
  hooks:
    - { http_location: staff, script_path: hook.lua, roles: [admin, operator] }
    - { http_location: scoped, script_path: hook.lua, scopes: ["a:read", "a:write"] }
    - { http_location: both, script_path: hook.lua, roles: [admin], scopes: ["a:read"] }
    - { http_location: basic, script_path: hook.lua }
`,
    ),
    SOURCES,
  );

type Claims = Readonly<Record<string, unknown>>;
const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
const now = () => Math.floor(Date.now() / 1000);
const claims = (more: Claims = {}): Claims => ({ sub: 'mia', exp: now() + 60, roles: ['admin'], ...more });

function token(header: Claims, payload: object, signer: (text: string) => Buffer): string {
  const text = `${encode(header)}.${encode(payload)}`;
  return `${text}.${signer(text).toString('base64url')}`;
}

const hmac = (key: string | Buffer) => (text: string) => createHmac('sha256', key).update(text).digest();
const byHmac = (payload: Claims, key: string | Buffer = SECRET) =>
  token({ alg: 'HS256', typ: 'JWT' }, payload, hmac(key));
const byRsa = (payload: Claims, key: KeyObject = rsa.privateKey, header: Claims = {}) =>
  token({ alg: 'RS256', ...header }, payload, (text) => sign('sha256', Buffer.from(text), key));
const byEc = (payload: Claims, header: Claims) =>
  token({ alg: 'ES256', ...header }, payload, (text) =>
    sign('sha256', Buffer.from(text), { key: ec.privateKey, dsaEncoding: 'ieee-p1363' }),
  );

type Server = Awaited<ReturnType<typeof start>>;
const ask = (server: Server, url: string, authorization?: string) =>
  server.request({
    method: 'GET',
    url: `/api/v1/custom/${url}`,
    headers: authorization === undefined ? {} : { Authorization: authorization },
  });
const status = async (server: Server, url: string, given: string) => (await ask(server, url, `Bearer ${given}`)).status;

const symmetric = await start(`secret_key: "${SECRET}", issuer: "https://id.example/", audience: nauthilus`);
const FITTING = { iss: 'https://id.example/', aud: ['other', 'nauthilus'] };

describe('a token with a shared secret', () => {
  test('opens what its roles and scopes are for, and the hook is told whose it is', async () => {
    const admin = await ask(symmetric, 'staff', `bearer ${byHmac(claims(FITTING))}`);
    assert.deepEqual([admin.status, admin.body], [200, '{"subject":"mia"}']);
    const operator = byHmac(claims({ ...FITTING, roles: ['x', 'operator'], scope: 'a:write b a:read' }));
    assert.equal(await status(symmetric, 'staff', operator), 200);
    assert.equal(await status(symmetric, 'scoped', operator), 200);
    assert.equal(await status(symmetric, 'both', byHmac(claims({ ...FITTING, scope: 'a:read' }))), 200);
  });

  test('of other roles or scopes is forbidden', async () => {
    for (const [url, more] of [
      ['staff', { roles: ['user'] }],
      ['staff', { roles: 'admin' }],
      ['staff', { roles: [['admin']] }],
      ['staff', { roles: undefined, scope: 'admin' }],
      ['scoped', { scope: 'a:read' }],
      ['scoped', { scope: ['a:read', 'a:write'] }],
      ['both', { roles: ['admin'] }],
      ['both', { roles: ['operator'], scope: 'a:read' }],
    ] as const) {
      const answer = await ask(symmetric, url, `Bearer ${byHmac(claims({ ...FITTING, ...more }))}`);
      assert.equal(answer.status, 403, JSON.stringify(more));
      assert.match(String(answer.headers['www-authenticate']), /error="insufficient_scope"/);
      assert.equal(answer.body, '');
    }
  });

  test('that is not quite right is none', async () => {
    const good = claims(FITTING);
    const [head = '', body = '', signature = ''] = byHmac(good).split('.');
    const wrong: Readonly<Record<string, string>> = {
      'another key': byHmac(good, `${SECRET}x`),
      over: byHmac({ ...good, exp: now() - 60 }),
      'not yet': byHmac({ ...good, nbf: now() + 60 }),
      'without end': byHmac({ ...good, exp: undefined }),
      'endless by text': byHmac({ ...good, exp: '9999999999' }),
      'another issuer': byHmac({ ...good, iss: 'https://id.example' }),
      'no issuer': byHmac({ ...good, iss: undefined }),
      'another audience': byHmac({ ...good, aud: 'other' }),
      'no audience': byHmac({ ...good, aud: undefined }),
      unsigned: `${encode({ alg: 'none' })}.${body}.`,
      'unsigned, in capitals': `${encode({ alg: 'None' })}.${body}.${signature}`,
      'another algorithm': `${encode({ alg: 'RS256' })}.${body}.${signature}`,
      'a key of its own': token({ alg: 'HS256', jwk: { kty: 'oct', k: 'YQ' } }, good, hmac('a')),
      'critical extension': token({ alg: 'HS256', crit: ['x'], x: 1 }, good, hmac(SECRET)),
      'other claims': `${head}.${encode({ ...good, roles: ['operator'] })}.${signature}`,
      cut: `${head}.${body}.${signature.slice(0, -4)}`,
      'two parts': `${head}.${body}`,
      'no JSON': `${head}.bm90.${createHmac('sha256', SECRET).update(`${head}.bm90`).digest('base64url')}`,
      'a list': token({ alg: 'HS256' }, [], hmac(SECRET)),
      points: '..',
      text: 'x',
    };
    for (const [what, given] of Object.entries(wrong)) {
      const answer = await ask(symmetric, 'staff', `Bearer ${given}`);
      assert.equal(answer.status, 401, what);
      assert.equal(answer.headers['www-authenticate'], 'Bearer realm="hooks", error="invalid_token"', what);
    }
    for (const given of [undefined, 'Bearer', 'Bearer ', `Basic ${byHmac(good)}`, `Bearer ${byHmac(good)} x`]) {
      const answer = await ask(symmetric, 'staff', given);
      assert.deepEqual([answer.status, answer.headers['www-authenticate']], [401, 'Bearer realm="hooks"']);
    }
  });

  test('opens nothing else, and the credentials of the API do not open what wants a token', async () => {
    assert.equal(await status(symmetric, 'basic', byHmac(claims(FITTING))), 401);
    const basic = `Basic ${Buffer.from('api:pw').toString('base64')}`;
    assert.equal((await ask(symmetric, 'basic', basic)).status, 200);
    assert.equal((await ask(symmetric, 'staff', basic)).status, 401);
  });

  test('gets into no log', () => {
    assert.doesNotMatch(JSON.stringify(symmetric.lines()), /eyJ|canary/);
  });
});

describe('a token with a public key', () => {
  test('is verified with the key of a PEM file', async () => {
    const server = await start(`public_key: ${folder}/rsa.pem`);
    assert.equal(await status(server, 'staff', byRsa(claims())), 200);
    assert.equal(await status(server, 'staff', byRsa(claims(), other.privateKey)), 401);
    assert.equal(await status(server, 'staff', byEc(claims(), {})), 401);
    // The public key is no secret that somebody may sign with.
    for (const key of [rsaPem, createPublicKey(rsaPem).export({ type: 'spki', format: 'der' }), '']) {
      assert.equal(await status(server, 'staff', byHmac(claims(), key)), 401);
    }
  });

  test('is verified with the key of a set that it names', async () => {
    const server = await start(`public_key: ${folder}/set.json, secret_key: "${SECRET}"`);
    assert.equal(await status(server, 'staff', byRsa(claims(), rsa.privateKey, { kid: 'one' })), 200);
    assert.equal(await status(server, 'staff', byEc(claims(), { kid: 'two' })), 200);
    assert.equal(await status(server, 'staff', byHmac(claims())), 200);
    for (const given of [
      byRsa(claims(), rsa.privateKey, { kid: 'two' }),
      byRsa(claims(), rsa.privateKey, { kid: 'three' }),
      byRsa(claims(), other.privateKey, { kid: 'one' }),
      byEc(claims(), { kid: 'one' }),
    ]) {
      assert.equal(await status(server, 'staff', given), 401);
    }
  });

  test('opens nothing when the key cannot be used, and the log says so', async () => {
    writeFileSync(join(folder, 'broken.pem'), 'no key');
    writeFileSync(join(folder, 'broken.json'), '{"keys":1}');
    for (const file of ['broken.pem', 'broken.json']) {
      const server = await start(`public_key: ${folder}/${file}`);
      const answer = await ask(server, 'staff', `Bearer ${byRsa(claims())}`);
      assert.equal(answer.status, 500, file);
      assert.ok(server.lines().some(({ level }) => level === 'error'));
    }
  });
});

test('a configuration in which tokens cannot be checked is refused', () => {
  const complaints = (jwt: string, hook: string) =>
    parseConfig({
      text: `server: { backends: [cache], jwt_auth: { ${jwt} } }\nlua: { hooks: [{ http_location: a, script_path: a.lua, ${hook} }] }`,
      file: 'test.yml',
      env: {},
    })
      .diagnostics.filter(({ severity }) => severity === 'error')
      .map(({ message }) => message)
      .join('\n');
  const key = `secret_key: "${SECRET}"`;
  assert.equal(complaints(key, 'roles: [a]'), '');
  assert.equal(complaints(key, 'scopes: a'), '', 'a single one needs no list');
  assert.match(complaints('', 'roles: [a]'), /a hook asks for roles or scopes/);
  assert.match(complaints('secret_key: short', 'roles: [a]'), /at least 32 bytes/);
  assert.doesNotMatch(complaints('secret_key: canary', 'roles: [a]'), /canary/);
  assert.match(complaints('public_key: /none.pem', 'roles: [a]'), /none.pem is not readable: ENOENT/);
  assert.match(complaints(key, 'roles: [a], public: true'), /cannot be public/);
  assert.match(complaints(key, 'roles: [a], bearer_token: x'), /no token of its own/);
});
