/** The OpenAPI document is valid, and a running server keeps to it, whatever it is asked. */
import assert from 'node:assert/strict';
import http from 'node:http';
import { after, describe, test } from 'node:test';
import { Validator } from '@seriousme/openapi-schema-validator';
import fc from 'fast-check';
import endpoints from '../../runtime/http/endpoints/index.gen.ts';
import { configText, startServer } from '../login-server.ts';
import { type ApiAnswer, ApiDocument, type ApiOperation, isObject } from './document.ts';
import { type ApiRequest, RequestMaker } from './requests.ts';

const CONFIG = configText(
  `
backends: [cache, lua]
features: [lua, brute_force]
brute_force_protocols: [imap]
basic_auth: { enabled: true, username: api, password: "api secret" }
default_http_request_header: { username: X-Login }
`,
  `
brute_force:
  expose_history: true
  buckets: [ { name: rule, period: 60, cidr: 24, ipv4: true, failed_requests: 5 } ]
lua:
  features: [ { name: gate, script_path: feature.lua } ]
  config: { backend_script_path: backend.lua, callback_script_path: callback.lua }
  hooks:
    - { http_location: open, script_path: hook.lua, public: true }
    - { http_location: token, http_method: PUT, script_path: hook.lua, bearer_token: t0ken }
    - { http_location: api/near, http_method: POST, script_path: hook.lua, networks: [127.0.0.1] }
    - { http_location: far, http_method: HEAD, script_path: hook.lua, networks: [192.0.2.0/24] }
    - { http_location: broken, http_method: DELETE, script_path: broken.lua }
`,
);

const SOURCES = {
  'feature.lua': `function nauthilus_call_feature(request)
    if request.username == "refused" then return 1, 0, 0 end
    return 0, 0, 0
  end`,
  'backend.lua': `
    function nauthilus_backend_verify_password(request)
      if request.username == "broken" then error("away") end
      local result = nauthilus_backend_result.new()
      if request.username ~= "nobody" then
        result:user_found(true)
        result:account_field("account")
        result:attributes({ account = request.username, quota = 5, group = { "a", "b" }, nested = { a = { 1 } } })
        result:authenticated(request.password == "secret")
      end
      return 0, result
    end
    function nauthilus_backend_list_accounts() return 0, { "mia", "t\\195\\182m" } end
    function nauthilus_backend_add_totp(request)
      if request.username == "broken" then error("away") end
      return 0
    end`,
  'callback.lua': 'function nauthilus_run_hook() end',
  'hook.lua': 'function nauthilus_run_hook(call) return { call.method } end',
  'broken.lua': 'function nauthilus_run_hook() error("broken") end',
};

const basic = (pair: string) => ({ Authorization: `Basic ${Buffer.from(pair).toString('base64')}` });
const OF_SCHEME: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  '': {},
  api: basic('api:api secret'),
  user: basic('mia:secret'),
  token: { Authorization: 'Bearer t0ken' },
};
const USERS = ['mia', 'nobody', 'refused', 'tömmy'];
const HINTS = {
  'X-Login': USERS,
  'Auth-Pass': ['secret', 'wrong'],
  username: USERS,
  password: ['secret', 'wrong'],
  login: USERS,
};
/** Whose backend is away: the one reason for a temporary failure. */
const BROKEN = 'broken';

const { server, lines } = await startServer(CONFIG, SOURCES);
await server.listen();
const agent = new http.Agent({ keepAlive: true, maxSockets: 4 });
after(() => agent.destroy());

function send({ method, path, headers, body }: Omit<ApiRequest, 'isProper' | 'parameters'>): Promise<ApiAnswer> {
  return new Promise((resolve, reject) => {
    const url = new URL(server.address.startsWith('http') ? server.address : `http://${server.address}`);
    const length = body.length > 0 ? { 'Content-Length': String(body.length) } : {};
    const request = http.request({
      host: url.hostname,
      port: url.port,
      method,
      path,
      headers: { ...headers, ...length },
      agent,
    });
    request.once('error', reject);
    request.once('response', (answer) => {
      const chunks: Buffer[] = [];
      answer.on('data', (chunk: Buffer) => chunks.push(chunk));
      answer.once('end', () => {
        const { statusCode: status = 0, rawHeaders } = answer;
        resolve({ status, rawHeaders, body: Buffer.concat(chunks).toString() });
      });
    });
    request.end(body);
  });
}

const NO_BODY = Buffer.alloc(0);
const fetched = await send({
  method: 'GET',
  path: '/api/v1/openapi.json',
  headers: OF_SCHEME.api ?? {},
  body: NO_BODY,
});
const document: unknown = JSON.parse(fetched.body);
assert.ok(isObject(document));
const api = new ApiDocument(document);

test('the document is valid OpenAPI 3.1', async () => {
  const validator = new Validator();
  assert.deepEqual(await validator.validate({ ...document }), { valid: true });
  assert.equal(validator.version, '3.1');
});

test('the document names every route, with the headers and hooks of the configuration', () => {
  const named = new Set(api.operations.map(({ name }) => name));
  for (const { methods, paths } of endpoints) {
    for (const path of paths.filter((each) => !each.endsWith('*'))) {
      for (const method of methods) assert.ok(named.has(`${method} ${path}`), `${method} ${path}`);
    }
  }
  for (const hook of ['GET open', 'PUT token', 'POST api/near', 'HEAD far', 'DELETE broken']) {
    assert.ok(named.has(hook.replace(' ', ' /api/v1/custom/')), hook);
  }
  const header = api.operations.find(({ name }) => name === 'POST /api/v1/auth/header');
  assert.ok(header?.parameters.some(({ name }) => name === 'X-Login'));
  assert.ok(!header?.parameters.some(({ name }) => name === 'Auth-User'));
});

/** May the server fail at this request? Only at a user whose backend is away, and where a hook is broken. */
function mayFail(operation: ApiOperation, { headers, body, path }: ApiRequest): boolean {
  if (operation.path.endsWith('/broken')) return true;
  // As in the reference: a login without a name, because this client lists no accounts.
  if (operation.path.endsWith('/saslauthd') && path.includes('mode=list-accounts')) return true;
  return [...Object.values(headers), body.toString(), path].some((text) => text.includes(BROKEN));
}

describe('each operation answers as the document says', () => {
  const maker = new RequestMaker(HINTS, [
    ...Object.values(OF_SCHEME),
    basic('api:wrong'),
    { Authorization: 'Basic x' },
  ]);
  for (const operation of api.operations) {
    const credentials = OF_SCHEME[operation.security[0] ?? ''] ?? {};

    const sent = new Set<string>();
    const ask = async (request: ApiRequest): Promise<ApiAnswer> => {
      const answer = await send(request);
      for (const name of request.parameters) sent.add(name);
      api.check(operation, answer);
      assert.ok(answer.status < 500 || mayFail(operation, request), `${answer.status} ${answer.body}`);
      return answer;
    };

    test(operation.name, async () => {
      let succeeded = 0;
      await fc.assert(
        fc.asyncProperty(maker.proper(operation, credentials), async (request) => {
          const { status } = await ask(request);
          if (status < 400) succeeded += 1;
          if (needsMore(operation, request)) return;
          assert.ok(![400, 401, 404, 415].includes(status), `refused with ${status}`);
        }),
        { numRuns: 25 },
      );
      await fc.assert(
        fc.asyncProperty(maker.improper(operation), async (request) => void (await ask(request))),
        { numRuns: 15 },
      );
      assert.deepEqual(
        operation.parameters.filter(({ name }) => !sent.has(name)),
        [],
        'every parameter was sent',
      );
      if (NEVER_SUCCEEDS.test(operation.name)) return;
      for (const request of fc.sample(maker.proper(operation, credentials), 100)) {
        if (succeeded > 0) break;
        if ((await ask(request)).status < 400) succeeded += 1;
      }
      assert.ok(succeeded > 0, 'no success');
    });
  }

  test('temporary failures are answers of the document, too', async () => {
    for (const operation of api.operations.filter(({ path }) => /header|nginx|user|dovecot$/.test(path))) {
      const headers = { ...OF_SCHEME.api, 'X-Login': BROKEN, 'Auth-Pass': 'x', 'Auth-Protocol': 'smtp' };
      const answer = await send({
        method: operation.method,
        path: `${operation.path}?in-memory=0`,
        headers,
        body: NO_BODY,
      });
      api.check(operation, answer);
      assert.match(answer.rawHeaders.join('\n'), /Temporary server problem/);
    }
  });

  test('so are refusals of what is too large', async () => {
    for (const operation of api.operations) {
      const { method, path } = operation;
      const large = await send({ method, path, headers: {}, body: Buffer.alloc(2 ** 20 + 1, 'x') });
      const long = await send({ method, path, headers: { 'X-Long': 'x'.repeat(17 * 1024) }, body: NO_BODY });
      assert.deepEqual([large.status, long.status], [413, 431], operation.name);
      for (const answer of [large, long]) api.check(operation, answer);
    }
  });

  test('nothing of all this was a defect', () => {
    assert.deepEqual(
      lines().filter(({ msg = '' }) => /^\w*Error|internal error/.test(msg)),
      [],
    );
  });
});

/** Who comes from elsewhere, a broken script, and a client that has to send a body. */
const NEVER_SUCCEEDS = /\/far$|\/broken$|^GET .*\/saslauthd$/;

/** What the document cannot say: what parameters mean together. */
function needsMore({ method, bodies, path }: ApiOperation, request: ApiRequest): boolean {
  if (method === 'GET' && path.endsWith('/saslauthd')) return true;
  if (request.path.includes('mode=list-accounts') || request.path.includes('command=report')) return true;
  if (request.headers['X-Auth-Password-Encoded'] !== undefined) return true;
  return bodies.size > 1 && request.headers['Content-Type'] === undefined;
}
