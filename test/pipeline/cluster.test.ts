/** All shared state in a Redis cluster: keys of one script lie on one node, administrative calls reach all nodes. */
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { configText, loginHeaders, SECRET_BACKEND, startServer } from '../login-server.ts';
import { redisMissing } from '../servers/redis.ts';
import { startCluster } from '../servers/redis-cluster.ts';
import { eventually } from '../services/redis/eventually.ts';

const SOURCES = {
  'backend.lua': SECRET_BACKEND,
};

const RULES = `
brute_force:
  buckets:
    - { name: host, period: 120, cidr: 32, ipv4: true, failed_requests: 3 }
    - { name: net, period: 600, cidr: 16, ipv4: true, failed_requests: 50 }
lua: { config: { backend_script_path: backend.lua } }`;

async function open() {
  const cluster = await startCluster();
  after(() => cluster.close());
  const server = 'backends: [cache, lua]\nfeatures: [brute_force]\nbrute_force_protocols: [imap]';
  const text = configText(server, RULES).replace(
    'prefix: "nt:"',
    `prefix: "nt:", cluster: { addresses: ["${cluster.masters[0]?.address}"] }`,
  );
  return startServer(text, SOURCES);
}

test('brute-force rules, cache and flush work in a cluster', { skip: redisMissing }, async () => {
  const { request, services } = await open();
  const redis = services.redis.defaultHandle;
  const login = async (user: string, password: string, ip: string, query = '') =>
    (await request({ url: `/api/v1/auth/header${query}`, headers: loginHeaders(user, password, { 'Client-IP': ip }) }))
      .status;
  // Until the instance hears the others, nothing of a login is kept that began before.
  await eventually(async () => {
    assert.equal(await login('user0', 'secret', '203.0.113.0', '?in-memory=0'), 200);
    assert.equal((await redis.scan('nt:ucp:*')).length, 1);
  }, 10_000);

  for (let i = 1; i < 20; i++) assert.equal(await login(`user${i}`, 'secret', `203.0.113.${i}`), 200);
  assert.equal((await redis.scan('nt:ucp:*')).length, 20);

  const attack = await Promise.all(Array.from({ length: 12 }, (_, i) => login(`who${i}`, 'wrong', '192.0.2.7')));
  assert.ok(attack.every((status) => status === 403));
  assert.equal(await redis.read('GET', 'nt:{bruteforce}bf:120:32:3:4:192.0.2.7/32'), '3');
  assert.equal(await login('user1', 'secret', '192.0.2.7'), 200, 'known from memory');
  assert.equal(await login('user99', 'secret', '192.0.2.7'), 403);

  const list = await request({ method: 'GET', url: '/api/v1/bruteforce/list' });
  assert.equal(JSON.parse(list.body).result[0].ip_addresses['192.0.2.7/32'], 'host');
  await request({ method: 'DELETE', url: '/api/v1/cache/flush', body: '{"user":"*"}' });
  assert.deepEqual(await redis.scan('nt:*'), []);
  assert.equal(await login('user99', 'secret', '192.0.2.7'), 200);
});
