import assert from 'node:assert/strict';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import {
  backendText,
  configText,
  login,
  makeSandbox,
  type RunningServer,
  runNode,
  type Sandbox,
  SOURCES,
  startServer,
} from './sandbox.ts';

let sandbox: Sandbox;
let server: RunningServer;
before(async () => {
  sandbox = makeSandbox({ 'nauthilus.yml': configText(), 'backend.lua': backendText('first') });
  server = await startServer([SOURCES, 'watch'], sandbox.folder);
});
after(async () => {
  assert.equal(await server.stop(), 0);
  sandbox.remove();
});

async function mark(): Promise<string | null> {
  return (await login(server.url, 'ann', 'good')).headers.get('x-nauthilus-mark');
}

/** Waits until a login carries the mark, as a person would press return again. */
async function untilMark(wanted: string): Promise<void> {
  const limit = Date.now() + 20_000;
  while ((await mark()) !== wanted) {
    assert.ok(Date.now() < limit, `still no ${wanted}:\n${server.stdout()}${server.stderr()}`);
    await new Promise((resolve) => setTimeout(resolve, 30));
  }
}

test('a changed script is taken over', async () => {
  assert.equal(await mark(), 'first');
  sandbox.write('backend.lua', backendText('second'));
  await untilMark('second');
  await server.waitFor(/took over backend\.lua in \d+ ms/);
});

test('a script that does not compile shows its error and leaves the old one in place, until it is mended', async () => {
  sandbox.write('backend.lua', 'local x == 1\n');
  await server.waitFor(/backend\.lua:1: unexpected symbol near '=='/);
  await server.waitFor(/stay in place/);
  assert.equal(await mark(), 'second');
  sandbox.write('backend.lua', backendText('third'));
  await untilMark('third');
});

test('a module that appears, changes and disappears is followed', async () => {
  const withModule = backendText('fourth').replace('mark = "fourth"', 'mark = require("marks")');
  sandbox.write('backend.lua', withModule);
  await server.waitFor(/module 'marks' is neither/);
  assert.equal((await login(server.url, 'ann', 'good')).status, 500);
  sandbox.write('lib/marks.lua', 'return "from module"\n');
  await untilMark('from module');
  sandbox.write('lib/marks.lua', 'return "changed module"\n');
  await untilMark('changed module');
  rmSync(join(sandbox.folder, 'lib/marks.lua'));
  const limit = Date.now() + 20_000;
  while ((await login(server.url, 'ann', 'good')).status !== 500) assert.ok(Date.now() < limit, server.stderr());
});

test('a changed configuration is taken over', async () => {
  sandbox.write('filter.lua', 'function nauthilus_call_filter() return nauthilus_builtin.FILTER_REJECT, 0 end\n');
  sandbox.write('backend.lua', backendText('fifth'));
  await untilMark('fifth');
  sandbox.write('nauthilus.yml', configText({ filter: 'filter.lua' }));
  const limit = Date.now() + 20_000;
  while ((await login(server.url, 'ann', 'good')).status !== 403) assert.ok(Date.now() < limit, server.stderr());
});

test('a first version that does not compile does not start', async () => {
  const broken = makeSandbox({ 'nauthilus.yml': configText(), 'backend.lua': 'x =' });
  const { code, stderr } = await runNode([SOURCES, 'watch'], broken.folder);
  broken.remove();
  assert.equal(code, 1);
  assert.match(stderr, /backend\.lua:1: unexpected symbol near '<eof>'/);
});
