import assert from 'node:assert/strict';
import { test } from 'node:test';
import { configText, startServer } from '../login-server.ts';
import { redisMissing, startRedis } from '../servers/redis.ts';

const SOURCES = { 'backend.lua': 'function nauthilus_backend_verify_password() return 0 end' };
const LUA = 'lua: { config: { backend_script_path: backend.lua } }';

test('a server without needs is alive and ready', async () => {
  const { request, lines } = await startServer(configText('backends: [lua]', LUA), SOURCES);
  assert.equal((await request({ method: 'GET', url: '/healthz' })).status, 200);
  assert.equal((await request({ method: 'GET', url: '/ping' })).body, 'pong');
  assert.ok(lines().some(({ level, msg }) => level === 'info' && msg === 'Health check'));
  const ready = await request({ method: 'GET', url: '/readyz' });
  assert.deepEqual([ready.status, JSON.parse(ready.body)], [200, { status: 'ready', services: {} }]);
});

test('it is ready as long as its Redis answers, and alive anyway', { skip: redisMissing }, async (t) => {
  const redis = await startRedis();
  t.after(() => redis.close());
  const text = (rest: string) =>
    configText('backends: [lua]', `${LUA}\n${rest}`).replace(
      'prefix:',
      `master: { address: "${redis.address}" }, prefix:`,
    );
  const { request } = await startServer(text(''), SOURCES);
  const tolerant = await startServer(text('brute_force: { when_redis_fails: continue }'), SOURCES);
  const ready = async () => (await request({ method: 'GET', url: '/readyz' })).status;
  assert.equal(await ready(), 200);
  await redis.stop();
  assert.equal(await ready(), 503);
  assert.equal((await tolerant.request({ method: 'GET', url: '/readyz' })).status, 200);
  assert.equal((await request({ method: 'GET', url: '/healthz' })).status, 200);
  await redis.restart();
  for (let i = 0; i < 100 && (await ready()) !== 200; i++) await new Promise((resolve) => setTimeout(resolve, 50));
  assert.equal(await ready(), 200);
});
