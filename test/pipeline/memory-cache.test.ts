import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Secret } from '../../runtime/config/index.ts';
import { beginLogin } from '../../runtime/login/begin.ts';
import { NO_TLS } from '../../runtime/login/login.ts';
import { MemoryCache } from '../../runtime/pipeline/memory-cache.ts';
import { configText, loginHeaders, startServer } from '../login-server.ts';
import { testClock } from '../services/base.ts';

const CONFIG = configText(
  'backends: [lua]',
  `
lua:
  filters: [ { name: mark, script_path: filter.lua } ]
  config: { backend_script_path: backend.lua }
`,
);

const SOURCES = {
  'backend.lua': `
    dynamic_loader("nauthilus_redis")
    local redis = require("nauthilus_redis")
    function nauthilus_backend_verify_password(request)
      local result = nauthilus_backend_result.new()
      result:user_found(true)
      result:account_field("account")
      result:attributes({ account = request.username, asked = redis.redis_incr("default", "asked:" .. request.username) })
      result:authenticated(request.password == "secret" or request.no_auth)
      return 0, result
    end`,
  'filter.lua': `
    dynamic_loader("nauthilus_backend")
    local backend = require("nauthilus_backend")
    dynamic_loader("nauthilus_redis")
    local redis = require("nauthilus_redis")
    function nauthilus_call_filter(request)
      local result = nauthilus_backend_result.new()
      result:attributes({ filtered = redis.redis_incr("default", "filtered:" .. request.username) })
      backend.apply_backend_result(result)
      if not request.authenticated then return 1, 0 end
      return 0, 0
    end`,
};

const { request, lines } = await startServer(CONFIG, SOURCES);
const login = (user: string, password: string, query = '', protocol = 'imap') =>
  request({ url: `/api/v1/auth/header${query}`, headers: loginHeaders(user, password, { 'Auth-Protocol': protocol }) });

test('a second login is answered from memory, filters run again on the untouched answer', async () => {
  const first = await login('mia', 'secret');
  const second = await login('mia', 'secret');
  assert.equal(first.headers['x-nauthilus-memory-cache'], 'Miss');
  assert.equal(second.headers['x-nauthilus-memory-cache'], 'Hit');
  assert.equal(second.headers['x-nauthilus-asked'], '1');
  assert.equal(second.headers['x-nauthilus-filtered'], '2');
  assert.equal(lines().findLast(({ username }) => username === 'mia')?.passdb_backend, 'memory');
});

test('another password, protocol or a bypass asks the backend', async () => {
  await login('tom', 'secret');
  assert.equal((await login('tom', 'wrong')).status, 403);
  assert.equal((await login('tom', 'secret', '', 'smtp')).headers['x-nauthilus-memory-cache'], 'Miss');
  assert.equal((await login('tom', 'secret', '?in-memory=0')).headers['x-nauthilus-memory-cache'], 'Miss');
  assert.equal((await login('tom', 'secret')).headers['x-nauthilus-memory-cache'], 'Hit');
});

test('a lookup opens no door', async () => {
  assert.equal((await login('ann', '', '?mode=no-auth')).status, 200);
  assert.equal((await login('ann', '')).status, 403);
  assert.equal((await login('ann', 'wrong', '?mode=no-auth')).status, 200);
  assert.equal((await login('ann', 'wrong')).status, 403);
});

test('failures are not remembered', async () => {
  await login('eve', 'wrong');
  const again = await login('eve', 'wrong');
  assert.equal(again.status, 403);
  assert.equal((await login('eve', 'secret')).headers['x-nauthilus-asked'], '3');
});

test('a login that began before its account was forgotten stays forgotten, however many others follow', () => {
  const clock = testClock();
  const memory = new MemoryCache(clock);
  const begin = () => beginLogin(INPUT, { session: 's', startedAt: clock.monotonic(), request: REQUEST });
  const login = begin();
  clock.advance(1);
  memory.forget('mia');
  for (let i = 0; i < 20_000; i++) memory.forget(`account ${i}`);
  assert.equal(memory.wasForgotten(login, 'mia'), true);
  clock.advance(1);
  assert.equal(memory.wasForgotten(begin(), 'mia'), false);
});

const REQUEST = { method: 'POST', url: '/', body: Buffer.alloc(0), headers: [] };
const INPUT = {
  service: 'header',
  protocol: 'imap',
  mode: 'auth',
  username: 'mia',
  password: new Secret('secret'),
  authMethod: '',
  loginAttempts: 0,
  client: { ip: '192.0.2.7', port: '1', hostname: '', id: '' },
  userAgent: '',
  localIp: '',
  localPort: '',
  tls: NO_TLS,
  useMemoryCache: true,
  useRedisCache: true,
  runsFeatures: true,
  uriPath: '/',
} as const;
