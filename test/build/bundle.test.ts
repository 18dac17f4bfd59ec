import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { SourceMap } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { bundle, writeBundle } from '../../compiler/build/bundle.ts';
import { chunkModules } from '../../compiler/build/chunks.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'bundle-'));
  writeFileSync(join(folder, 'restart.mjs'), '');
  writeFileSync(
    join(folder, 'main.mjs'),
    'export function runArtifact(contents) {' +
      ' console.log(JSON.stringify({ ...contents, positions: JSON.parse(contents.positions()),' +
      ' scripts: contents.scripts.map(([path, make]) => [path, make({ value: 7 })]) })); }\n',
  );
});
afterEach(() => rmSync(folder, { recursive: true }));

/** One chunk of two lines; its map says that its second line comes from line 3 of the Lua file. */
const CHUNK = {
  name: 'lua/a"b.lua',
  code: 'const { value } = $;\nreturn { value };',
  map: JSON.stringify({
    version: 3,
    sources: ['a'],
    sourcesContent: ['-- one\n\nreturn value'],
    names: [],
    mappings: 'AAAA;AAEA',
  }),
};

function options(): Parameters<typeof bundle>[0] {
  return {
    root: folder,
    luaRoot: folder,
    outFile: join(folder, 'dist/out.mjs'),
    version: '1.0.0',
    restart: join(folder, 'restart.mjs'),
    main: join(folder, 'main.mjs'),
    commands: [],
    chunks: chunkModules([CHUNK], [['lua/a"b.lua', 'lua/a"b.lua']], [['./lua/a"b.lua', 'lua/a"b.lua']]),
  };
}

test('the bundle runs alone, knows its chunks by path, and carries positions that point into itself', async () => {
  const result = await bundle(options());
  writeBundle(result, options().outFile);
  const output = JSON.parse(execFileSync(process.execPath, [options().outFile], { encoding: 'utf8' }));
  assert.deepEqual(output.scripts, [['lua/a"b.lua', { value: 7 }]]);
  const [{ line, table }] = output.positions.sections;
  assert.deepEqual(table, { sources: ['lua/a"b.lua'], names: [], mappings: 'AAAA;AAEA' });
  assert.equal(result.code.split('\n')[line + 1], 'return { value };');
});

test('the map names the Lua file relative to itself and holds its text', async () => {
  const { code, map } = await bundle(options());
  const { sections } = JSON.parse(map);
  const { offset, map: chunk } = sections.at(-1);
  assert.deepEqual(chunk.sources, ['../lua/a"b.lua']);
  assert.deepEqual(chunk.sourcesContent, ['-- one\n\nreturn value']);
  assert.equal(code.split('\n')[offset.line], 'const { value } = $;');
  // Node reads it too: the second line of the chunk comes from the third of the file.
  const entry = new SourceMap(JSON.parse(map)).findEntry(offset.line + 1, 0);
  assert.equal('originalLine' in entry ? entry.originalLine : undefined, 2);
});

test('writing replaces both files whole and leaves nothing else behind', async () => {
  const result = await bundle(options());
  writeBundle({ ...result, code: 'old' }, options().outFile);
  writeBundle(result, options().outFile);
  assert.deepEqual(readdirSync(join(folder, 'dist')).sort(), ['out.mjs', 'out.mjs.map']);
  assert.equal(readFileSync(options().outFile, 'utf8'), result.code);
});

test('a package that is loaded on demand is a part: not in the program, and there when it is asked for', async () => {
  const leaf = join(folder, 'node_modules/leaf');
  mkdirSync(leaf, { recursive: true });
  writeFileSync(join(leaf, 'package.json'), '{ "name": "leaf", "version": "1.0.0", "main": "leaf.js" }');
  writeFileSync(join(leaf, 'leaf.js'), "exports.sentence = 'only in the leaf: \\u00b5 */';");
  writeFileSync(
    join(folder, 'main.mjs'),
    "export async function runArtifact() { const { sentence } = await import('leaf'); console.log(sentence, /\\s*/.test('')); }",
  );
  const result = await bundle(options());
  writeBundle(result, options().outFile);
  assert.doesNotMatch(result.code, /only in the leaf/);
  assert.equal(
    execFileSync(process.execPath, [options().outFile], { encoding: 'utf8' }),
    'only in the leaf: µ */ true\n',
  );
});

test('packages of both kinds that the sources load on demand have the exports that Node finds in them', async () => {
  const root = fileURLToPath(new URL('../../', import.meta.url));
  const sources = readdirSync(join(root, 'runtime'), { recursive: true, encoding: 'utf8' }).filter((name) =>
    name.endsWith('.ts'),
  );
  const packages = new Set<string>();
  for (const name of sources)
    for (const [, found = ''] of readFileSync(join(root, 'runtime', name), 'utf8').matchAll(
      /(?<!typeof )\bimport\('([^.'][^']*)'\)/g,
    ))
      if (!found.startsWith('node:')) packages.add(found);
  assert.ok(packages.has('nodemailer/lib/mime-node') && packages.has('parse5'));
  const kinds = `async () => ({ ${[...packages].map((name) => `${JSON.stringify(name)}: kindsOf(await import(${JSON.stringify(name)}))`)} })`;
  const text = `const kindsOf = (module) => Object.fromEntries(Object.entries(module).map(([key, value]) => [key, typeof value]));
    export const runArtifact = async () => console.log(JSON.stringify(await (${kinds})()));`;
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
  writeFileSync(join(folder, 'package.json'), '{ "type": "module" }');
  writeFileSync(join(folder, 'main.mjs'), text);
  const byNode = JSON.parse(
    execFileSync(process.execPath, ['--input-type=module', '-e', `${text}\nrunArtifact()`], {
      cwd: folder,
      encoding: 'utf8',
    }),
  );
  writeBundle(await bundle(options()), options().outFile);
  const inArtifact = JSON.parse(execFileSync(process.execPath, [options().outFile], { encoding: 'utf8' }));
  for (const [name, found] of Object.entries<Record<string, string>>(byNode))
    for (const [key, kind] of Object.entries(found))
      if (key !== 'module.exports') assert.equal(inArtifact[name][key], kind, `${key} of ${name}`);
});

test('Node parses one line of an artifact; the rest is a comment to it', async () => {
  const { code } = await bundle(options());
  assert.match(code, /^[^\n]+\/\*\n/);
  assert.equal(code.indexOf('*/', code.indexOf('\n')), code.length - '*/\n'.length);
});

test('with the flags of its process it carries a code cache, which is left out under a debugger', async () => {
  writeFileSync(
    join(folder, 'main.mjs'),
    'export function runArtifact({ script }) { console.log(script, new Error().stack.includes(script)); }',
  );
  writeBundle(await bundle({ ...options(), flags: ['--stack-size=900'] }), options().outFile);
  const run = (...flags: readonly string[]) =>
    execFileSync(process.execPath, [...flags, options().outFile], { encoding: 'utf8' });
  assert.equal(run('--stack-size=900'), 'nauthilus.mjs true\n');
  // V8 refuses a cache that was made with other flags; everything works all the same.
  assert.equal(run(), 'nauthilus.mjs true\n');
  assert.match(run('--inspect=127.0.0.1:0'), /^file:\/\/.*out\.mjs true\n$/);
});

test('a source that does not bundle is an error with its place', async () => {
  writeFileSync(join(folder, 'main.mjs'), 'export const runArtifact = = 1;\n');
  await assert.rejects(bundle(options()), /the bundle failed: [\s\S]*main\.mjs:1:27/);
});
