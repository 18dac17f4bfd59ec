import assert from 'node:assert/strict';
import { test } from 'node:test';
import { definePlainEndpoint, refuseSharedRoutes } from '../../runtime/http/endpoint.ts';
import { configText, loginHeaders, startServer } from '../login-server.ts';

const SOURCES = {
  'backend.lua': `
    function nauthilus_backend_verify_password(request)
      local result = nauthilus_backend_result.new()
      if request.username == "broken" then return 1, result end
      if request.username ~= "nobody" then
        result:user_found(true)
        result:account_field("account")
        result:totp_secret_field("totp")
        result:attributes({ account = request.username .. "@example.test", totp = "JBSWY3DP", ["Proxy-Host"] = "mx1",
          UPPER = "Kept", quota = 1048576, group = { "staff", "admins" }, ["with space"] = "no", session = "mine",
          name = "J\\195\\188rgen", service = request.service, protocol = request.protocol, pass = request.password })
        result:authenticated(request.password == "secret" or request.password == "s\\195\\182cret")
      end
      return 0, result
    end
    function nauthilus_backend_list_accounts(request) return 0, { "mia", "tom", "mia" } end`,
};

const { request } = await startServer(
  configText('backends: [lua]', 'lua: { config: { backend_script_path: backend.lua } }'),
  SOURCES,
);
const json = (fields: object, url = '/api/v1/auth/json') =>
  request({ url, headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(fields) });

test('header: attributes become headers, secrets and odd names stay inside', async () => {
  const { status, headers, body } = await request({
    url: '/api/v1/auth/header',
    headers: loginHeaders('mia', 'secret'),
  });
  assert.equal(status, 200);
  assert.equal(body, 'OK');
  assert.equal(headers['x-nauthilus-proxy-host'], 'mx1');
  assert.equal(headers['x-nauthilus-upper'], 'Kept');
  assert.equal(headers['x-nauthilus-quota'], '1048576');
  assert.equal(headers['x-nauthilus-group'], 'staff,admins');
  assert.equal(headers['x-nauthilus-name'], 'J\xc3\xbcrgen');
  assert.equal(headers['x-nauthilus-totp'], undefined);
  assert.match(String(headers['x-nauthilus-session']), /^[0-9A-Za-z]{27}$/);
});

test('header: 403 and 500 with the text of the status', async () => {
  const wrong = await request({ url: '/api/v1/auth/header', headers: loginHeaders('mia', 'wrong') });
  assert.deepEqual([wrong.status, wrong.body], [403, 'Invalid login or password']);
  assert.equal(wrong.headers['auth-user'], undefined);
  const broken = await request({ url: '/api/v1/auth/header', headers: loginHeaders('broken', 'x') });
  assert.deepEqual([broken.status, broken.body], [500, 'Temporary server problem, try again later']);
});

test('nginx: always 200, with the server to connect to or the time to wait', async () => {
  const good = await request({ url: '/api/v1/auth/nginx', headers: loginHeaders('mia', 'secret') });
  assert.equal(good.headers['auth-server'], '127.0.0.1');
  assert.equal(good.headers['auth-port'], '9931');
  const headers = loginHeaders('mia', 'wrong', { 'Auth-Login-Attempt': '9' });
  const wrong = await request({ url: '/api/v1/auth/nginx', headers });
  assert.deepEqual([wrong.status, wrong.headers['auth-wait'], wrong.body], [200, '2', '']);
  const smtp = loginHeaders('broken', 'x', { 'Auth-Protocol': 'smtp' });
  const broken = await request({ url: '/api/v1/auth/nginx', headers: smtp });
  assert.deepEqual([broken.status, broken.headers['auth-error-code']], [200, '451 4.3.0']);
});

test('json: fields and attributes, null, or an error', async () => {
  const good = await json({ username: 'mia', password: 'söcret', service: 'imap' });
  const body = JSON.parse(good.body);
  assert.equal(good.headers['content-type'], 'application/json; charset=UTF-8');
  assert.deepEqual(Object.keys(body), [
    'passdb_backend',
    'account_field',
    'totp_secret_field',
    'webauth_userid_field',
    'display_name_field',
    'attributes',
  ]);
  assert.deepEqual(body.attributes.name, ['Jürgen']);
  assert.deepEqual(body.attributes.pass, ['söcret']);
  assert.deepEqual(body.attributes.group, ['staff', 'admins']);
  assert.deepEqual(Object.keys(body.attributes), Object.keys(body.attributes).sort());
  const wrong = await json({ username: 'mia', password: 'wrong' });
  assert.deepEqual([wrong.status, wrong.body], [403, 'null']);
  const broken = await json({ username: 'broken', password: 'x' });
  assert.deepEqual([broken.status, broken.body], [500, '{"Error":"Temporary server problem, try again later"}']);
});

test('json: what is no login is refused with an explanation', async () => {
  const missing = await json({ password: 'x' });
  assert.equal(missing.status, 400);
  assert.deepEqual(JSON.parse(missing.body), { errors: [{ field: 'Username', message: 'This field is required' }] });
  for (const body of ['{"username":', '', '[]', 'null', '{"username":5}', '"text"']) {
    const answer = await request({ url: '/api/v1/auth/json', headers: { 'Content-Type': 'application/json' }, body });
    assert.equal(answer.status, 400, body);
    assert.doesNotThrow(() => JSON.parse(answer.body), body);
  }
  const plain = await request({ url: '/api/v1/auth/json', headers: { 'Content-Type': 'text/plain' }, body: 'x' });
  assert.deepEqual(JSON.parse(plain.body), { error: 'Unsupported media type' });
});

test('json: keys in any case, unknown keys and parameters of the media type are fine', async () => {
  const answer = await request({
    url: '/api/v1/auth/json',
    headers: { 'Content-Type': 'application/json; charset=utf-8' },
    body: '{"USERNAME":"mia","Password":"secret","extra":[1]}',
  });
  assert.equal(answer.status, 200);
});

test('saslauthd: a form, with bytes as they were sent', async () => {
  const headers = { 'Content-Type': 'application/x-www-form-urlencoded' };
  const body = 'username=mia&password=s%C3%B6cret&protocol=smtp';
  assert.equal((await request({ url: '/api/v1/auth/saslauthd', headers, body })).status, 200);
  const realm = 'username=mia&realm=example.test&password=secret';
  const answer = await request({ url: '/api/v1/auth/saslauthd', headers, body: realm });
  assert.equal(answer.headers['auth-user'], 'mia@example.test@example.test');
});

test('basic: the credentials of the user, or 401', async () => {
  const authorization = (text: string) => ({ Authorization: `Basic ${Buffer.from(text).toString('base64')}` });
  const good = await request({ method: 'GET', url: '/api/v1/auth/basic', headers: authorization('mia:secret') });
  assert.deepEqual([good.status, good.headers['auth-user']], [200, undefined]);
  for (const headers of [{}, { Authorization: 'Basic !!!' }, { Authorization: 'Bearer x' }]) {
    const answer = await request({ method: 'GET', url: '/api/v1/auth/basic', headers });
    assert.equal(answer.status, 401);
    assert.equal(answer.headers['www-authenticate'], 'Basic realm="restricted", charset="UTF-8"');
  }
  const nameless = await request({ method: 'GET', url: '/api/v1/auth/basic', headers: authorization(':x') });
  assert.deepEqual([nameless.status, nameless.body], [500, 'No username given']);
});

test('older paths: dovecot always says 200, the generic ones say whether the user exists', async () => {
  const wrong = await request({ url: '/api/v1/mail/dovecot', headers: loginHeaders('mia', 'wrong') });
  assert.deepEqual([wrong.status, wrong.headers['auth-status']], [200, 'Invalid login or password']);
  const good = await request({ url: '/api/v1/mail/dovecot', headers: loginHeaders('mia', 'secret') });
  assert.equal(good.headers['x-nauthilus-service'], 'dovecot');
  const user = await request({ method: 'GET', url: '/api/v1/generic/user', headers: loginHeaders('nobody', 'x') });
  assert.deepEqual([user.status, user.headers['x-user-found'], user.body], [403, 'false', 'null']);
  const generic = await request({
    url: '/api/v1/generic/json',
    headers: { 'Content-Type': 'application/json', 'Auth-Protocol': 'pop3' },
    body: '{"username":"mia","password":"secret"}',
  });
  assert.equal(generic.headers['x-user-found'], 'true');
  assert.deepEqual(JSON.parse(generic.body).attributes.protocol, ['pop3']);
});

test('user names with characters of LDAP filters and macros are refused', async () => {
  for (const name of ['', 'a(b', 'a)b', 'a{b', 'a}b', 'a%b', 'a"b', 'a\\b']) {
    assert.equal((await request({ url: '/api/v1/auth/header', headers: loginHeaders(name, 'x') })).status, 400, name);
  }
  assert.equal((await json({ username: "o'brien+tag two*", password: 'secret' })).status, 200);
});

test('an encoded password is decoded, anything else but 1 leaves it as it is', async () => {
  const encoded = Buffer.from('secret').toString('base64url');
  const login = (password: string, flag: string) =>
    request({
      url: '/api/v1/auth/header',
      headers: loginHeaders('mia', password, { 'X-Auth-Password-Encoded': flag }),
    });
  assert.equal((await login(encoded, '1')).status, 200);
  assert.equal((await login('secret', 'true')).status, 200);
  assert.equal((await login('!!!!', '1')).status, 400);
});

test('lists in the form that is asked for', async () => {
  const list = (accept: string | undefined) =>
    request({
      method: 'GET',
      url: '/api/v1/auth/nginx?mode=list-accounts',
      headers: accept === undefined ? {} : { Accept: accept },
    });
  assert.deepEqual(JSON.parse((await list('application/json')).body), ['mia', 'tom']);
  for (const accept of ['*/*', 'text/plain', undefined]) assert.equal((await list(accept)).body, 'mia\r\ntom\r\n');
  assert.equal((await list('image/png')).status, 415);
});

test('paths and methods that lead nowhere', async () => {
  assert.deepEqual((await request({ method: 'GET', url: '/nope' })).body, '404 page not found');
  assert.equal((await request({ method: 'PUT', url: '/api/v1/auth/header' })).status, 404);
  assert.equal((await request({ method: 'DELETE', url: '/api/v1/auth/header' })).status, 404);
  assert.equal((await request({ method: 'GET', url: '/api/v1/other/thing' })).status, 404);
  assert.equal((await request({ method: 'GET', url: '/api/v1/auth/unknown' })).status, 400);
  const slash = await request({ method: 'GET', url: '/ping/?x=1' });
  assert.deepEqual([slash.status, slash.headers.location], [301, '/ping?x=1']);
});

test('ping and metrics need nothing', async () => {
  assert.equal((await request({ method: 'GET', url: '/ping' })).body, 'pong');
  assert.match((await request({ method: 'GET', url: '/metrics' })).body, /^logins_total\{logins="success"\} \d+$/m);
});

test('two endpoints for one path are refused by the names of their files', () => {
  const at = (path: string) =>
    definePlainEndpoint({
      methods: ['GET'],
      paths: [path],
      describe: () => ({ summary: 'An example.', answers: {} }),
      handle: () => ({ status: 200, headers: [], body: '' }),
    });
  assert.throws(() => refuseSharedRoutes([at('/a'), at('/b'), at('/a')], ['e/a.ts', 'e/b.ts', 'e/c.ts']), {
    message: 'e/a.ts and e/c.ts both answer GET /a',
  });
});
