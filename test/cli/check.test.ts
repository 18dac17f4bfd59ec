import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { backendText, configText, makeSandbox, runNode, type Sandbox, SOURCES } from './sandbox.ts';

let sandbox: Sandbox;
before(() => {
  sandbox = makeSandbox({ 'nauthilus.yml': configText({ redis: '127.0.0.1:6379' }), 'backend.lua': backendText('x') });
});
after(() => sandbox.remove());

const check = (...args: string[]) => runNode([SOURCES, 'check', '-c', 'nauthilus.yml', ...args], sandbox.folder);

test('a project in order ends with 0 and says so', async () => {
  assert.deepEqual(await check(), { code: 0, stdout: 'nauthilus.yml and its scripts are in order\n', stderr: '' });
});

test('a module that nothing provides is a warning with its place, not an error', async () => {
  sandbox.write('backend.lua', `local gone = require("gone")\n${backendText('x')}`);
  const { code, stderr } = await check();
  assert.equal(code, 0);
  assert.match(
    stderr,
    /^backend\.lua:1:14: warning: module 'gone' is neither a host module nor found in package\.path/,
  );
});

test('a script that does not compile ends with 1', async () => {
  sandbox.write('backend.lua', 'return return\n');
  const { code, stderr } = await check();
  assert.equal(code, 1);
  assert.match(stderr, /^backend\.lua:1:8: unexpected symbol near 'return'/);
});

test('what the rules find has file, line and column, an excerpt and a hint; errors end with 1', async () => {
  sandbox.write(
    'backend.lua',
    `local redis = require("nauthilus_redis")\nprint(redis.redis_gett("default", "k"))\n${backendText('x')}`,
  );
  const { code, stderr } = await check();
  assert.equal(code, 1);
  assert.match(stderr, /^backend\.lua:2:13: 'nauthilus_redis' has no function 'redis_gett'\n {2}1 \| local redis/);
  assert.match(stderr, /hint: did you mean 'redis_get'\?/);
});

test('warnings fail only with --strict', async () => {
  sandbox.write('backend.lua', `local unused = 1\n${backendText('x')}`);
  const lax = await check();
  assert.equal(lax.code, 0);
  assert.match(lax.stderr, /^backend\.lua:1:7: warning: local 'unused' is never used/);
  assert.match(lax.stdout, /in order, but for the warnings/);
  assert.equal((await check('--strict')).code, 1);
});

test('--explain tells which functions may wait and why, of all, of a file, or at a line', async () => {
  const script = `local redis = require("nauthilus_redis")\nlocal function look(key)\n  return redis.redis_get("default", key)\nend\nlocal function plain() return 1 end\nprint(look, plain())\n`;
  sandbox.write('backend.lua', script + backendText('x'));
  const all = await check('--explain');
  assert.equal(all.code, 0);
  assert.match(
    all.stdout,
    /^backend\.lua:2: function look may suspend: it can wait for the host\n {2}backend\.lua:3: redis_get waits for the host\n/m,
  );
  assert.doesNotMatch(all.stdout, /plain/);
  assert.match((await check('--explain', 'backend.lua')).stdout, /^backend\.lua:5: function plain is plain/m);
  assert.match((await check('--explain', 'backend.lua:3')).stdout, /^backend\.lua:2: function look may suspend/);
  const unknown = await check('--explain', 'other.lua');
  assert.equal(unknown.code, 1);
  assert.match(unknown.stderr, /'other\.lua' is no file of the program: backend\.lua/);
});
