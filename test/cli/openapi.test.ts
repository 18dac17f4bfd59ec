/** `nauthilus openapi`: the document without a server, from the sources and from the bundle. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { backendText, configText, DEMO_ARTIFACT, makeSandbox, runNode, type Sandbox, SOURCES } from './sandbox.ts';

let sandbox: Sandbox;
before(() => {
  sandbox = makeSandbox({ 'nauthilus.yml': configText({ redis: '127.0.0.1:6379' }), 'backend.lua': backendText('x') });
});
after(() => sandbox.remove());

test('the document is printed, with the headers of the configuration', async () => {
  const env = { NAUTHILUS_SERVER_DEFAULT_HTTP_REQUEST_HEADER_USERNAME: 'X-Login' };
  const printed = await runNode([SOURCES, 'openapi', '-c', 'nauthilus.yml'], sandbox.folder, env);
  assert.deepEqual([printed.code, printed.stderr], [0, '']);
  const { openapi, paths, components } = JSON.parse(printed.stdout);
  assert.equal(openapi, '3.1.0');
  assert.ok(paths['/api/v1/auth/header'].post);
  assert.equal(components.parameters['header-X-Login'].in, 'header');
  const bundled = await runNode([DEMO_ARTIFACT, 'openapi', '-c', 'nauthilus.yml'], sandbox.folder, env);
  assert.equal(bundled.stdout, printed.stdout);
});

test('a configuration with mistakes has no document', async () => {
  sandbox.write('wrong.yml', 'server: { backends: [nonsense] }\n');
  const { code, stdout, stderr } = await runNode([SOURCES, 'openapi', '-c', 'wrong.yml'], sandbox.folder);
  assert.deepEqual([code, stdout], [1, '']);
  assert.match(stderr, /wrong passdb backend/);
});
