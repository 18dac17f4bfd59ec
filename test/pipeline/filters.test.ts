/** What filters may change, through `nauthilus_backend`. */
import assert from 'node:assert/strict';
import { createServer } from 'node:net';
import { after, test } from 'node:test';
import { configText, loginHeaders, startServer } from '../login-server.ts';

const CONFIG = configText(
  'backends: [lua]',
  `
lua:
  filters: [ { name: one, script_path: one.lua }, { name: two, script_path: two.lua } ]
  config: { backend_script_path: backend.lua }
`,
);

const SOURCES = {
  'backend.lua': `
    function nauthilus_backend_verify_password(request)
      local result = nauthilus_backend_result.new()
      if request.username ~= "unknown" then
        result:user_found(true)
        result:account_field("account")
        result:attributes({ account = request.username, hostip = "10.0.0.1", keep = "kept" })
        result:authenticated(request.password == "secret")
      end
      return 0, result
    end`,
  'one.lua': `
    dynamic_loader("nauthilus_backend")
    local backend = require("nauthilus_backend")
    local function apply(attributes)
      local result = nauthilus_backend_result.new()
      result:attributes(attributes)
      backend.apply_backend_result(result)
    end
    function nauthilus_call_filter(request)
      apply({ forgotten = "yes" })
      apply({ hostip = "10.9.9.9", both = "one", servers = #backend.get_backend_servers() })
      if request.username == "swap" then backend.remove_from_backend_result({ "hostip", "not-there" }) end
      if request.username == "foreign" then backend.apply_backend_result(newproxy()) end
      request.marker = "set by one"
      return request.username == "stop", 0
    end`,
  'two.lua': `
    dynamic_loader("nauthilus_backend")
    local backend = require("nauthilus_backend")
    function nauthilus_call_filter(request)
      local port = tonumber(request.client_id)
      local result = nauthilus_backend_result.new()
      result:attributes({ both = "two", marker = request.marker,
        probe = port and tostring(backend.check_backend_connection("127.0.0.1", port, true, false)) })
      backend.apply_backend_result(result)
      return request.username == "late", 0
    end`,
};

const { request } = await startServer(CONFIG, SOURCES);
const login = (user: string, more: Record<string, string> = {}) =>
  request({ url: '/api/v1/auth/header?in-memory=0', headers: loginHeaders(user, 'secret', more) });

test('additions never overwrite, the last application of each script counts, later scripts win', async () => {
  const { headers } = await login('mia');
  assert.equal(headers['x-nauthilus-hostip'], '10.0.0.1');
  assert.equal(headers['x-nauthilus-both'], 'two');
  assert.equal(headers['x-nauthilus-marker'], 'set by one');
  assert.equal(headers['x-nauthilus-forgotten'], undefined);
  assert.equal(headers['x-nauthilus-servers'], '0');
});

test('removing comes before adding', async () => {
  assert.equal((await login('swap')).headers['x-nauthilus-hostip'], '10.9.9.9');
});

test('a rejection takes no attributes along', async () => {
  for (const user of ['stop', 'late']) {
    const answer = await login(user);
    assert.equal(answer.status, 403);
    assert.equal(answer.headers['x-nauthilus-both'], undefined);
  }
});

test('attributes can be added to a user whom no backend knows', async () => {
  const answer = await login('unknown');
  assert.equal(answer.status, 200);
  assert.equal(answer.headers['x-nauthilus-both'], 'two');
  assert.equal(answer.headers['auth-user'], undefined);
});

test('only backend results can be applied', async () => {
  assert.equal((await login('foreign')).status, 500);
});

test('a connection to a mail server can be tried', async () => {
  const listener = createServer();
  const received = new Promise<string>((resolve) => {
    listener.once('connection', (socket) => socket.once('data', (bytes) => resolve(bytes.toString('hex'))));
  });
  after(() => listener.close());
  await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve));
  const address = listener.address();
  assert.ok(typeof address === 'object' && address !== null);
  assert.equal((await login('mia', { 'X-Client-ID': String(address.port) })).headers['x-nauthilus-probe'], 'nil');
  assert.equal(await received, '0d0a0d0a000d0a515549540a20000000');
  const refused = await login('mia', { 'X-Client-ID': '1' });
  assert.equal(refused.headers['x-nauthilus-probe'], 'dial tcp 127.0.0.1:1: connect: connection refused');
});

test('a filter that returns nothing lets nobody in whom the backend has refused', async () => {
  const forgetful = 'function nauthilus_call_filter(request) nauthilus_builtin.custom_log_add("seen", "yes") end';
  const accepting = 'function nauthilus_call_filter(request) return 0, 0 end';
  for (const [two, status] of [
    [forgetful, 403],
    [accepting, 200],
  ] as const) {
    const server = await startServer(CONFIG, { ...SOURCES, 'one.lua': forgetful, 'two.lua': two });
    const ask = (password: string) =>
      server.request({ url: '/api/v1/auth/header', headers: loginHeaders('mia', password) });
    assert.equal((await ask('wrong')).status, status, 'a wrong password');
    assert.equal(server.lines().findLast(({ username }) => username === 'mia')?.seen, 'yes');
    const lookup = await server.request({
      url: '/api/v1/auth/header?mode=no-auth',
      headers: loginHeaders('unknown', ''),
    });
    assert.equal(lookup.status, status, 'an unknown user');
    assert.equal((await ask('secret')).status, 200, 'a right password');
  }
});
