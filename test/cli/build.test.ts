import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { backendText, configText, login, makeSandbox, runNode, type Sandbox, SOURCES, startServer } from './sandbox.ts';

let sandbox: Sandbox;
before(() => {
  sandbox = makeSandbox({
    'nauthilus.yml': configText({ filter: 'filter.lua' }),
    'backend.lua': backendText('first'),
    'filter.lua': `local answer = require("answers.filter")
function nauthilus_call_filter(request)
  if request.username == "broken" then return answer.missing.field end
  if not request.authenticated then return nauthilus_builtin.FILTER_REJECT, 0 end
  return answer.accept(), 0
end
`,
    'lib/answers/filter.lua': 'return { accept = function() return nauthilus_builtin.FILTER_ACCEPT end }\n',
  });
});
after(() => sandbox.remove());

const build = () => runNode([SOURCES, 'build'], sandbox.folder);
const artifact = () => join(sandbox.folder, 'dist/nauthilus.mjs');

test('build compiles scripts and required modules into one file and its map', async () => {
  const { code, stdout, stderr } = await build();
  assert.equal(stderr, '');
  assert.equal(code, 0);
  assert.match(stdout, /^built dist\/nauthilus\.mjs from 3 Lua files/);
  assert.deepEqual(readdirSync(join(sandbox.folder, 'dist')).sort(), ['nauthilus.mjs', 'nauthilus.mjs.map']);
});

/** A source map that consists of maps (version 3). */
interface IndexedMap {
  readonly sections: readonly {
    readonly map: { readonly sources: readonly string[]; readonly sourcesContent: readonly string[] };
  }[];
}

test('the source map leads to the Lua files and holds their text', () => {
  const { sections }: IndexedMap = JSON.parse(readFileSync(`${artifact()}.map`, 'utf8'));
  const found = sections.find(({ map }) => map.sources.includes('../filter.lua'));
  assert.match(found?.map.sourcesContent[0] ?? '', /nauthilus_call_filter/);
});

test('the artifact decides logins; a script error is a tempfail with Lua position and traceback in the log', async () => {
  const server = await startServer([artifact(), 'start', '-c', 'nauthilus.yml'], sandbox.folder);
  try {
    const accepted = await login(server.url, 'ann', 'good');
    assert.equal(accepted.status, 200);
    assert.equal(accepted.headers.get('x-nauthilus-mark'), 'first');
    assert.equal((await login(server.url, 'ann', 'bad')).status, 403);
    assert.equal((await login(server.url, 'broken', 'good')).status, 500);
    await server.waitFor(/filter\.lua:3: attempt to index field 'missing' \(a nil value\)/);
    await server.waitFor(/stack traceback:/);
    assert.doesNotMatch(server.stdout() + server.stderr(), /nauthilus\.mjs:\d|at Object|file:\/\//);
  } finally {
    assert.equal(await server.stop(), 0);
  }
});

test('every broken file is reported in Lua wording with an excerpt; the old artifact stays', async () => {
  const old = readFileSync(artifact());
  sandbox.write('backend.lua', 'local a = 1\nlocal x == 2\n');
  sandbox.write('lib/answers/filter.lua', 'return { accept = function() return 1 }\n');
  const { code, stdout, stderr } = await build();
  assert.equal(code, 1);
  assert.equal(stdout, '');
  assert.match(
    stderr,
    /^backend\.lua:2: unexpected symbol near '=='\n {2}1 \| local a = 1\n {2}2 \| local x == 2\n {4}\| {9}\^\n/m,
  );
  assert.match(stderr, /lib\/answers\/filter\.lua:1: 'end' expected near '}'/);
  assert.deepEqual(readFileSync(artifact()), old);
});

test('a missing script and a broken configuration are errors', async () => {
  sandbox.write('other.yml', configText({ filter: 'gone.lua' }));
  const missing = await runNode([SOURCES, 'build', '-c', 'other.yml', '-o', 'out'], sandbox.folder);
  assert.equal(missing.code, 1);
  assert.match(missing.stderr, /cannot read script 'gone\.lua'/);
  assert.equal(existsSync(join(sandbox.folder, 'out')), false);
  sandbox.write('bad.yml', 'server:\n  adress: "x"\n');
  const bad = await runNode([SOURCES, 'build', '-c', 'bad.yml'], sandbox.folder);
  assert.equal(bad.code, 1);
  assert.match(bad.stderr, /bad\.yml:2: /);
});

test('a start with a script that is not in the artifact is refused with its name', async () => {
  sandbox.write('more.yml', configText({ filter: 'another.lua' }));
  const { code, stderr } = await runNode([artifact(), 'start', '-c', 'more.yml'], sandbox.folder);
  assert.equal(code, 1);
  assert.match(stderr, /'another\.lua'.*nauthilus build/);
});

test('build --help and an unknown option end with 0 and 2', async () => {
  const help = await runNode([SOURCES, 'build', '--help'], sandbox.folder);
  assert.equal(help.code, 0);
  assert.match(help.stdout, /--config <file>[\s\S]*--out <folder>/);
  assert.equal((await runNode([SOURCES, 'build', '--nonsense'], sandbox.folder)).code, 2);
});
