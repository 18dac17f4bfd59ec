import assert from 'node:assert/strict';
import http from 'node:http';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { makeSandbox, runNode, type Sandbox, SOURCES } from './sandbox.ts';

let sandbox: Sandbox;
const server = http.createServer((request, response) => {
  response.writeHead(request.url === '/ping' ? 200 : 503).end();
});
const local = http.createServer((_request, response) => response.end('pong'));
const address = () => {
  const bound = server.address();
  return typeof bound === 'object' && bound !== null ? `http://127.0.0.1:${bound.port}` : '';
};

before(async () => {
  sandbox = makeSandbox({});
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  await new Promise<void>((resolve) => local.listen(join(sandbox.folder, 's.sock'), resolve));
});
after(() => {
  server.close();
  local.close();
  sandbox.remove();
});

const check = (...args: string[]) => runNode([SOURCES, 'healthcheck', ...args], sandbox.folder);

test('a server that answers 200 is alive, over TCP and over a Unix socket', async () => {
  assert.deepEqual(await check('-u', `${address()}/ping`), { code: 0, stdout: '', stderr: '' });
  assert.equal((await check('-v', '-u', `unix:${join(sandbox.folder, 's.sock')}`)).stdout, 'Test OK\n');
});

test('every other answer and none is a failure, which says why when asked', async () => {
  assert.deepEqual(await check('-v', '--url', `${address()}/`), {
    code: 1,
    stdout: 'Test FAILED: status 503\n',
    stderr: '',
  });
  const nobody = await check('-v', '-u', 'http://127.0.0.1:1/ping');
  assert.equal(nobody.code, 1);
  assert.match(nobody.stdout, /^Test FAILED: .*ECONNREFUSED/);
  assert.match((await check('-v', '-u', 'nonsense')).stdout, /^Test FAILED: Invalid URL/);
});
