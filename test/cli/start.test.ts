import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { backendText, configText, login, makeSandbox, runNode, type Sandbox, SOURCES, startServer } from './sandbox.ts';

let sandbox: Sandbox;
before(async () => {
  sandbox = makeSandbox({ 'nauthilus.yml': configText(), 'backend.lua': backendText('built') });
  const { code, stderr } = await runNode([SOURCES, 'build'], sandbox.folder);
  assert.equal(code, 0, stderr);
});
after(() => sandbox.remove());

test('start from the sources runs the artifact and passes the signal and the exit code on', async () => {
  const server = await startServer([SOURCES, 'start', '-c', 'nauthilus.yml'], sandbox.folder);
  assert.equal((await login(server.url, 'ann', 'good')).headers.get('x-nauthilus-mark'), 'built');
  assert.equal(await server.stop(), 0);
});

test('a login that is running when the server is told to end gets its answer', async () => {
  const slow = makeSandbox({
    'nauthilus.yml': configText(),
    'backend.lua': backendText('slow').replace(
      'local result',
      'dynamic_loader("nauthilus_misc") require("nauthilus_misc").wait_random(600, 601)\n  local result',
    ),
  });
  try {
    await runNode([SOURCES, 'build'], slow.folder);
    const server = await startServer(
      [join(slow.folder, 'dist/nauthilus.mjs'), 'start', '-c', 'nauthilus.yml'],
      slow.folder,
    );
    const answer = login(server.url, 'ann', 'good');
    await new Promise((resolve) => setTimeout(resolve, 200));
    const ended = server.stop();
    assert.equal((await answer).status, 200);
    assert.equal(await ended, 0);
  } finally {
    slow.remove();
  }
});

test('SIGHUP reads the configuration again; a broken one leaves the old one in place', async () => {
  const server = await startServer(
    [join(sandbox.folder, 'dist/nauthilus.mjs'), 'start', '-c', 'nauthilus.yml'],
    sandbox.folder,
  );
  try {
    sandbox.write('nauthilus.yml', configText({ filter: 'unknown.lua' }));
    // From a restarted process the signal reaches the server through its parent.
    server.child.kill('SIGHUP');
    await server.waitFor(/not reloaded: .*'unknown\.lua'/);
    assert.equal((await login(server.url, 'ann', 'good')).status, 200);
    sandbox.write('nauthilus.yml', configText().replace('features: [lua]', 'features: []'));
    server.child.kill('SIGHUP');
    await server.waitFor(/Reloading configuration file finished/);
    assert.equal((await login(server.url, 'ann', 'good')).status, 200);
  } finally {
    assert.equal(await server.stop(), 0);
    sandbox.write('nauthilus.yml', configText());
  }
});

test('an address that is taken is an error that names it', async () => {
  const server = await startServer([SOURCES, 'start', '-c', 'nauthilus.yml'], sandbox.folder);
  try {
    const port = new URL(server.url).port;
    sandbox.write('taken.yml', configText().replace('127.0.0.1:0', `127.0.0.1:${port}`));
    const { code, stderr } = await runNode([SOURCES, 'start', '-c', 'taken.yml'], sandbox.folder);
    assert.equal(code, 1);
    assert.match(stderr, new RegExp(`cannot start: .*127\\.0\\.0\\.1:${port}`));
  } finally {
    await server.stop();
  }
});

test('without an artifact, start says how to make one', async () => {
  const { code, stderr } = await runNode([SOURCES, 'start', '--artifact', 'none.mjs'], sandbox.folder);
  assert.equal(code, 1);
  assert.match(stderr, /no none\.mjs yet: run 'nauthilus build' first/);
});

for (const name of ['build', 'start', 'watch', 'check', 'run']) {
  test(`${name} --help ends with 0 and names the exit codes; a wrong option ends with 2`, async () => {
    const help = await runNode([SOURCES, name, '--help'], sandbox.folder);
    assert.equal(help.code, 0);
    assert.match(help.stdout, new RegExp(`Usage: nauthilus ${name} `));
    assert.match(help.stdout, /Exit codes: 0 /);
    assert.equal((await runNode([SOURCES, name, '--no-such-option'], sandbox.folder)).code, 2);
  });
}

test('a defect that nobody has caught ends the server without showing what the error holds', async () => {
  const defect = `import { isMainThread } from 'node:worker_threads';
  const wait = setInterval(() => {
    if (process.listenerCount('uncaughtException') === 0 || process.listenerCount('SIGHUP') === 0) return;
    clearInterval(wait);
    Promise.reject(Object.assign(new Error('boom'), { command: { args: ['canary'] } }));
  }, 20);
  wait.unref();
  if (!isMainThread) clearInterval(wait);`;
  sandbox.write('defect.mjs', defect);
  const env = { NODE_OPTIONS: `--import ${join(sandbox.folder, 'defect.mjs')}` };
  const { code, stderr } = await runNode([SOURCES, 'start', '-c', 'nauthilus.yml'], sandbox.folder, env);
  assert.equal(code, 1);
  assert.match(stderr, /nauthilus: the server ends because of a defect: Error: boom\n\s+at /);
  assert.ok(!stderr.includes('canary'), stderr);
});
