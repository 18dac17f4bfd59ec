/** The backend `cache`: what it remembers, and what makes it forget. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { configText, loginHeaders, startServer } from '../login-server.ts';

const CONFIG = configText(
  'backends: [cache, lua]\nmaster_user: { enabled: true }',
  'lua: { config: { backend_script_path: backend.lua } }',
);

const SOURCES = {
  'backend.lua': `
    dynamic_loader("nauthilus_redis")
    local redis = require("nauthilus_redis")
    dynamic_loader("nauthilus_misc")
    local misc = require("nauthilus_misc")
    function nauthilus_backend_verify_password(request)
      if request.username == "slow" then misc.wait_random(100, 101) end
      local result = nauthilus_backend_result.new()
      result:user_found(true)
      result:account_field("account")
      local asked = redis.redis_incr("default", "asked:" .. request.username)
      local password = redis.redis_get("default", "password:" .. request.username)
      result:attributes({ account = "acc-" .. request.username, asked = asked, list = { "a", "\\195\\188" },
        nested = { { deep = { x = 1.5 } } } })
      result:authenticated(request.no_auth or request.password == (password ~= "" and password or "secret"))
      return 0, result
    end`,
};

const { request, services, lines } = await startServer(CONFIG, SOURCES);
const redis = services.redis.defaultHandle;
const login = (user: string, password: string, query = '?in-memory=0') =>
  request({
    url: `/api/v1/auth/json${query}`,
    body: JSON.stringify({ username: user, password, service: 'imap' }),
    headers: { 'content-type': 'application/json' },
  });
const asked = async (user: string) => Number((await redis.read('GET', `asked:${user}`)) ?? 0);
const flush = (user: string) =>
  request({ method: 'DELETE', url: '/api/v1/cache/flush', body: JSON.stringify({ user }) });

test('a second login has the same answer, without the backend', async () => {
  const first = await login('mia', 'secret');
  const second = await login('mia', 'secret');
  assert.equal(second.status, 200);
  assert.equal(second.body, first.body);
  assert.equal(await asked('mia'), 1);
  assert.equal(lines().findLast(({ username }) => username === 'mia')?.passdb_backend, 'cache');
});

test('a password that is not the cached one is for the backend to judge, and the cache stays', async () => {
  assert.equal((await login('tom', 'secret')).status, 200);
  assert.equal((await login('tom', 'wrong')).status, 403);
  assert.equal(await asked('tom'), 2);
  assert.equal((await login('tom', 'secret')).status, 200);
  assert.equal(await asked('tom'), 2);
});

test('a changed password ends the old one everywhere', async () => {
  assert.equal((await login('eva', 'secret', '')).status, 200);
  await redis.write('SET', 'password:eva', 'new');
  assert.equal((await login('eva', 'new', '')).status, 200);
  assert.equal((await login('eva', 'secret', '')).status, 403);
  assert.equal((await login('eva', 'secret')).status, 403);
  assert.equal((await login('eva', 'new')).status, 200);
});

test('a flush makes Redis and memory forget the user', async () => {
  await login('ann', 'secret', '');
  assert.equal((await login('ann', 'secret', '')).headers['x-nauthilus-memory-cache'], 'Hit');
  const { body } = await flush('ann');
  assert.equal(JSON.parse(body).result.status, 'flushed');
  assert.equal((await login('ann', 'secret', '')).headers['x-nauthilus-memory-cache'], 'Miss');
  assert.equal(await asked('ann'), 2);
});

test('a login that is under way during a flush brings nothing back', async () => {
  await login('slow', 'secret', '?in-memory=0&cache=0');
  const running = login('slow', 'secret', '');
  await new Promise((resolve) => setTimeout(resolve, 40));
  assert.equal(JSON.parse((await flush('slow')).body).result.status, 'flushed');
  assert.equal((await running).status, 200);
  const again = await login('slow', 'secret', '');
  assert.equal(again.headers['x-nauthilus-memory-cache'], 'Miss');
  assert.equal(await asked('slow'), 3);
});

test('an entry can neither be read nor used for another account', async () => {
  await login('bob', 'secret');
  const entry = String(await redis.read('GET', 'nt:ucp:__default__:acc-bob'));
  assert.ok(!entry.includes('"secret"'));
  assert.match(entry, /"password_hmac":"[0-9a-f]{64}"/);
  await redis.write('HSET', 'nt:USER', 'max', 'acc-max');
  await redis.write('SET', 'nt:ucp:__default__:acc-max', entry);
  await redis.write('SET', 'password:max', 'other');
  assert.equal((await login('max', 'secret')).status, 403);
});

test('an entry that is no entry, or one with the short hash alone, authenticates nobody', async () => {
  await redis.write('HSET', 'nt:USER', 'leo', 'acc-leo');
  await redis.write('SET', 'password:leo', 'other');
  const short =
    '{"passdb_backend":3,"password":"00000000","account_field":"account","attributes":{"account":["acc-leo"]}}';
  for (const entry of ['{', '[]', 'null', '{"password_hmac":""}', '{"password_hmac":7}', short]) {
    await redis.write('SET', 'nt:ucp:__default__:acc-leo', entry);
    assert.equal((await login('leo', 'secret')).status, 403, entry);
  }
});

test('masters are checked each time', async () => {
  for (let i = 0; i < 2; i++) await login('kim*root', 'secret');
  assert.equal(await asked('kim*root'), 2);
});

test('lookups read it without opening a door', async () => {
  await login('sue', 'secret');
  assert.equal((await login('sue', '', '?mode=no-auth&in-memory=0')).status, 200);
  assert.equal(await asked('sue'), 1);
  assert.equal((await login('sue', '')).status, 403);
});

test('everybody can be forgotten at once', async () => {
  await login('mia', 'secret');
  assert.ok((await redis.scan('nt:ucp:*')).length > 0);
  await flush('*');
  assert.deepEqual(await redis.scan('nt:*'), []);
  assert.equal((await request({ url: '/api/v1/auth/header', headers: loginHeaders('mia', 'secret') })).status, 200);
});

test('flushing everybody takes a command for hundreds of keys, not one for each', async () => {
  for (let i = 0; i < 1200; i++) await redis.write('SET', `nt:ucp:__default__:user${i}`, '{}');
  const before = await services.metrics.value('redis_write_total', {});
  const answer = JSON.parse((await flush('*')).body);
  assert.equal(answer.result.status, 'flushed');
  const commands = (await services.metrics.value('redis_write_total', {})) - before;
  assert.ok(commands < 40, `${commands} commands`);
  assert.deepEqual(await redis.scan('nt:ucp:*'), []);
});
