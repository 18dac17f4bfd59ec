import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { backendText, configText, makeSandbox, runNode, type Sandbox, SOURCES } from './sandbox.ts';

let sandbox: Sandbox;
before(() => {
  sandbox = makeSandbox({ 'nauthilus.yml': configText({ redis: '127.0.0.1:6379' }), 'backend.lua': backendText('x') });
});
after(() => sandbox.remove());

const check = () => runNode([SOURCES, 'check', '-c', 'nauthilus.yml'], sandbox.folder);

test('a project in order ends with 0 and says so', async () => {
  assert.deepEqual(await check(), { code: 0, stdout: 'nauthilus.yml and its scripts are in order\n', stderr: '' });
});

test('a module that nothing provides is a warning with its place, not an error', async () => {
  sandbox.write('backend.lua', `local gone = require("gone")\n${backendText('x')}`);
  const { code, stderr } = await check();
  assert.equal(code, 0);
  assert.match(stderr, /^backend\.lua:1: warning: module 'gone' is neither a host module nor found in package\.path/);
});

test('a script that does not compile ends with 1', async () => {
  sandbox.write('backend.lua', 'return return\n');
  const { code, stderr } = await check();
  assert.equal(code, 1);
  assert.match(stderr, /^backend\.lua:1: /);
});
