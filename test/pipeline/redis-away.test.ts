/** A Redis that cannot be reached: no answer is better than a wrong one. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { configText, loginHeaders, SECRET_BACKEND, startServer } from '../login-server.ts';

const away = (text: string) => text.replace('prefix: "nt:"', 'prefix: "nt:", master: { address: "127.0.0.1:1" }');
const LUA = 'lua: { config: { backend_script_path: backend.lua } }';

const SOURCES = {
  'backend.lua': SECRET_BACKEND,
};

test('rules that need it are a temporary failure, and the log says why', async () => {
  const { request, lines } = await startServer(
    away(
      configText(
        'backends: [lua]\nfeatures: [brute_force]\nbrute_force_protocols: [imap]',
        `${LUA}\nbrute_force: { buckets: [ { name: r, period: 60, cidr: 32, ipv4: true, failed_requests: 2 } ] }`,
      ),
    ),
    SOURCES,
  );
  const answer = await request({ url: '/api/v1/auth/header', headers: loginHeaders('mia', 'secret') });
  assert.equal(answer.status, 500);
  assert.equal(answer.headers['auth-status'], 'Temporary server problem, try again later');
  const line = lines().find(({ stage }) => stage === 'brute-force');
  assert.match(line?.msg ?? '', /^Redis: /);
  assert.equal((await request({ method: 'GET', url: '/ping' })).status, 200);
});

test('without Redis they go on unprotected where the configuration says so', async () => {
  const rules = 'buckets: [ { name: r, period: 60, cidr: 32, ipv4: true, failed_requests: 2 } ]';
  const { request, lines } = await startServer(
    away(
      configText(
        'backends: [cache, lua]\nfeatures: [brute_force]\nbrute_force_protocols: [imap]',
        `${LUA}\nbrute_force: { when_redis_fails: continue, ${rules} }`,
      ),
    ),
    SOURCES,
  );
  assert.equal((await request({ url: '/api/v1/auth/header', headers: loginHeaders('mia', 'secret') })).status, 200);
  assert.equal((await request({ url: '/api/v1/auth/header', headers: loginHeaders('mia', 'wrong') })).status, 403);
  assert.ok(lines().some(({ msg }) => msg?.startsWith('Without brute-force protection: Redis: ')));
});

test('the cache knows nobody without Redis', async () => {
  const { request } = await startServer(away(configText('backends: [cache, lua]', LUA)), SOURCES);
  assert.equal((await request({ url: '/api/v1/auth/header', headers: loginHeaders('mia', 'secret') })).status, 200);
});

test('logins that need none of it go on', async () => {
  const { request } = await startServer(away(configText('backends: [lua]', LUA)), SOURCES);
  assert.equal((await request({ url: '/api/v1/auth/header', headers: loginHeaders('mia', 'secret') })).status, 200);
  assert.equal((await request({ url: '/api/v1/auth/header', headers: loginHeaders('mia', 'wrong') })).status, 403);
});
