/** Instances tell each other what to forget, over one Redis server or a cluster, also when the connection was lost. */
import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { configText, loginHeaders, startServer, type TestServer } from '../login-server.ts';
import { redisMissing, startRedis } from '../servers/redis.ts';
import { startCluster } from '../servers/redis-cluster.ts';

const SOURCES = {
  'backend.lua': `
    function nauthilus_backend_verify_password(request)
      local result = nauthilus_backend_result.new()
      result:user_found(true)
      result:account_field("account")
      result:attributes({ account = "\\195\\188" .. request.username })
      result:authenticated(request.password == "secret")
      return 0, result
    end`,
};

function open(redis: string): Promise<TestServer> {
  const text = configText('backends: [cache, lua]', 'lua: { config: { backend_script_path: backend.lua } }');
  return startServer(text.replace('prefix: "nt:"', `prefix: "nt:", ${redis}`), SOURCES, {
    NAUTHILUS_LOCAL_CACHE_AUTH_TTL: '600',
  });
}

async function login({ request }: TestServer, user: string): Promise<unknown> {
  const answer = await request({ url: '/api/v1/auth/header', headers: loginHeaders(user, 'secret') });
  assert.equal(answer.status, 200);
  return answer.headers['x-nauthilus-memory-cache'];
}

const flush = ({ request }: TestServer, user: string) =>
  request({ method: 'DELETE', url: '/api/v1/cache/flush', body: JSON.stringify({ user }) });

async function eventually(isTrue: () => Promise<boolean>): Promise<void> {
  for (let attempt = 0; attempt < 200; attempt++) {
    if (await isTrue()) return;
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
  assert.fail('it never came true');
}

/** Until a server hears what the other says: its subscription may still be under way. */
async function heard(speaker: TestServer, listener: TestServer): Promise<void> {
  await eventually(async () => {
    await login(listener, 'probe');
    await flush(speaker, 'probe');
    await new Promise((resolve) => setTimeout(resolve, 10));
    return (await login(listener, 'probe')) === 'Miss';
  });
}

async function tellsOthers(t: TestContext, redis: string): Promise<void> {
  const [first, second] = [await open(redis), await open(redis)];
  const ready = async () => (await first.request({ method: 'GET', url: '/readyz' })).status === 200;
  await eventually(ready);
  await heard(second, first);
  await login(first, 'mia');
  await login(first, 'tom');
  assert.equal(await login(first, 'mia'), 'Hit');
  await t.test('one account', async () => {
    await flush(second, 'mia');
    await eventually(async () => (await login(first, 'mia')) === 'Miss');
    assert.equal(await login(first, 'tom'), 'Hit');
  });
  await t.test('all accounts', async () => {
    await flush(second, '*');
    await eventually(async () => (await login(first, 'tom')) === 'Miss');
  });
}

test('over one server', { skip: redisMissing }, async (t) => {
  const redis = await startRedis();
  t.after(() => redis.close());
  await tellsOthers(t, `master: { address: "${redis.address}" }`);
});

test('over a cluster', { skip: redisMissing }, async (t) => {
  const cluster = await startCluster();
  t.after(() => cluster.close());
  await tellsOthers(t, `cluster: { addresses: ["${cluster.masters[0]?.address}"] }`);
});

test('what may have been missed is forgotten', { skip: redisMissing }, async (t) => {
  const redis = await startRedis();
  t.after(() => redis.close());
  const server = await open(`master: { address: "${redis.address}" }`);
  const other = await open(`master: { address: "${redis.address}" }`);
  await heard(other, server);
  await login(server, 'mia');
  assert.equal(await login(server, 'mia'), 'Hit');
  await redis.stop('SIGKILL');
  assert.equal(await login(server, 'mia'), 'Hit', 'Redis is not needed for it');
  await redis.restart();
  await eventually(async () => (await login(server, 'mia')) === 'Miss');
  await heard(other, server);
});
