/** The trace of a request (W3C Trace Context) reaches whoever its scripts ask, and the log. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import { after, test } from 'node:test';
import { readTrace, traceHeaders } from '../../runtime/login/trace-context.ts';
import { configText, loginHeaders, startServer } from '../login-server.ts';

const PARENT = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01';

const seen: IncomingHttpHeaders[] = [];
const asked = createServer((request, response) => {
  seen.push(request.headers);
  if (request.url === '/moved') response.writeHead(307, { Location: '/there' }).end();
  else response.end('{}');
}).listen(0, '127.0.0.1');
await once(asked, 'listening');
after(() => {
  asked.close();
  asked.closeAllConnections();
});
const address = asked.address();
const url = `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`;

const SOURCES = {
  'feature.lua': `
    dynamic_loader("nauthilus_gluahttp")
    local glua_http = require("glua_http")
    dynamic_loader("nauthilus_gll_http")
    local http = require("http")
    function nauthilus_call_feature(request)
      if request.username == "broken" then error("broken") end
      local headers = request.username == "own" and { traceparent = "own" } or {}
      assert(glua_http.get("${url}/moved", { headers = headers }))
      assert(glua_http.request_batch({ { "get", "${url}/batch", { headers = headers } } }))
      local prepared = assert(http.request("GET", "${url}/gll"))
      if request.username == "own" then prepared:header_set("Traceparent", "own") end
      assert(http.client():do_request(prepared))
      return 0, 0, 0
    end`,
  'backend.lua': `
    function nauthilus_backend_verify_password(request)
      local result = nauthilus_backend_result.new()
      return 0, result
    end`,
  'action.lua': `
    dynamic_loader("nauthilus_gluahttp")
    local glua_http = require("glua_http")
    function nauthilus_call_action(request) glua_http.post("${url}/post-action") return 0 end`,
};

const { request, settled, lines } = await startServer(
  configText(
    'backends: [lua]\nfeatures: [lua]',
    `
lua:
  features: [ { name: asks, script_path: feature.lua } ]
  actions: [ { type: post, name: tells, script_path: action.lua } ]
  config: { backend_script_path: backend.lua }
`,
  ),
  SOURCES,
);

async function login(user: string, headers: Record<string, string>) {
  seen.length = 0;
  await request({ url: '/api/v1/auth/header', headers: loginHeaders(user, 'secret', headers) });
  await settled();
  return seen.map(({ traceparent, tracestate }) => [traceparent, tracestate]);
}

test('both HTTP modules hand a trace on, through redirects, in batches and after the answer', async () => {
  const sent = await login('mia', { traceparent: PARENT, tracestate: 'vendor=1' });
  assert.deepEqual(sent, Array(5).fill([PARENT, 'vendor=1']));
});

test('a script may have a trace of its own', async () => {
  const sent = await login('own', { traceparent: PARENT });
  assert.deepEqual(sent, [...Array(4).fill(['own', undefined]), [PARENT, undefined]]);
});

test('without a trace, or with something else in its place, nothing is sent', async () => {
  for (const headers of [{}, { traceparent: 'canary-password' }, { tracestate: 'vendor=1' }]) {
    assert.deepEqual(await login('mia', headers), Array(5).fill([undefined, undefined]));
  }
});

test('lines about the request say which trace it belongs to', async () => {
  await login('broken', { traceparent: PARENT });
  const session = lines().findLast(({ username }) => username === 'broken')?.session;
  const traced = lines().filter((line) => line.session === session && line.traceparent === PARENT);
  assert.ok(
    traced.some(({ authenticated }) => authenticated === 'tempfail'),
    'final line',
  );
  assert.ok(
    traced.some(({ name, level }) => name === 'asks' && level === 'error'),
    'fault of a script',
  );
  assert.ok(
    traced.some(({ msg }) => msg === 'HTTP request'),
    'line of the HTTP request',
  );
  assert.ok(
    traced.some(({ msg }) => msg === 'Explanation'),
    'explanation',
  );
});

test('only what the recommendation allows is a trace', () => {
  const read = (traceparent: string) => readTrace({ traceparent })?.traceparent;
  assert.equal(read(PARENT), PARENT);
  assert.equal(
    read(`cc${PARENT.slice(2)}-what-the-future-will-bring`),
    `cc${PARENT.slice(2)}-what-the-future-will-bring`,
  );
  for (const wrong of [
    '',
    PARENT.toUpperCase(),
    `ff${PARENT.slice(2)}`,
    PARENT.replace(/[1-9a-f]/g, '0'),
    `${PARENT} x`,
    `${PARENT}-more`,
    PARENT.slice(1),
    `00-${'0'.repeat(32)}-00f067aa0ba902b7-01`,
    `00-4bf92f3577b34da6a3ce929d0e0e4736-${'0'.repeat(16)}-01`,
  ]) {
    assert.equal(read(wrong), undefined, wrong);
  }
  assert.deepEqual(traceHeaders(readTrace({ traceparent: PARENT, tracestate: 'x'.repeat(513) })), [
    ['Traceparent', PARENT],
  ]);
});
