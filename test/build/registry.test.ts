import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, test } from 'node:test';
import { promisify } from 'node:util';
import { writeRegistries } from '../../compiler/build/registry.ts';

let root = '';
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'registry-'));
  mkdirSync(join(root, 'runtime/modules'), { recursive: true });
});
afterEach(() => rmSync(root, { recursive: true }));

const index = (): string => readFileSync(join(root, 'runtime/modules/index.gen.ts'), 'utf8');
const addFile = (name: string, text = 'export default defineThing({});\n'): void =>
  writeFileSync(join(root, 'runtime/modules', name), text);

test('a file in a registry folder is found by being there, in the order of the names', () => {
  addFile('b_module.ts');
  addFile('a_module.ts');
  assert.deepEqual(writeRegistries(root), ['runtime/modules/index.gen.ts']);
  assert.match(index(), /import e0 from '\.\/a_module\.ts';\nimport e1 from '\.\/b_module\.ts';/);
  assert.match(index(), /export default \[e0, e1\] as const;/);
  assert.match(index(), /export const files = \['runtime\/modules\/a_module.ts', 'runtime\/modules\/b_module.ts'\]/);
});

test('tests, generated files and other kinds of files are no entries', () => {
  for (const name of ['a.ts', 'a.test.ts', 'other.gen.ts', 'notes.md']) addFile(name);
  writeRegistries(root);
  assert.match(index(), /\[e0\] as const/);
});

test('an index that would not change keeps its time, so that watchers see nothing', () => {
  addFile('a.ts');
  writeRegistries(root);
  const before = statSync(join(root, 'runtime/modules/index.gen.ts')).mtimeMs;
  assert.deepEqual(writeRegistries(root), []);
  assert.equal(statSync(join(root, 'runtime/modules/index.gen.ts')).mtimeMs, before);
});

test('a removed file leaves the index', () => {
  addFile('a.ts');
  addFile('b.ts');
  writeRegistries(root);
  rmSync(join(root, 'runtime/modules/a.ts'));
  writeRegistries(root);
  assert.doesNotMatch(index(), /a\.ts/);
});

test('a file without a default export is refused by name, and the index stays', () => {
  addFile('a.ts');
  writeRegistries(root);
  addFile('helper.ts', '// export default is what it has not\nexport const help = 1;\n');
  assert.throws(() => writeRegistries(root), { message: /^runtime\/modules\/helper.ts has no default export/ });
  assert.doesNotMatch(index(), /helper/);
});

test('a default export that no define function makes is refused by name', () => {
  addFile('a.ts', 'export default 5;\n');
  assert.throws(() => writeRegistries(root), { message: /^runtime\/modules\/a.ts has no default export of the form/ });
});

test('processes that write the same index at once leave no half file for others to read', async () => {
  addFile('a.ts');
  const program = `
    import { writeFileSync, readFileSync } from 'node:fs';
    import { writeRegistries } from ${JSON.stringify(new URL('../../compiler/build/registry.ts', import.meta.url).href)};
    for (let round = 0; round < 200; round++) {
      const file = process.argv[1] + '/runtime/modules/from_' + process.pid % 2 + '.ts';
      writeFileSync(file, 'export default defineThing(' + round + ');');
      try { writeRegistries(process.argv[1]); } catch (error) { if (!String(error).includes('no default export')) throw error; }
      const text = readFileSync(process.argv[1] + '/runtime/modules/index.gen.ts', 'utf8');
      if (!text.endsWith('] as const;\\n')) throw new Error('half a file: ' + text);
    }`;
  const run = promisify(execFile);
  await Promise.all(
    [1, 2, 3].map(() => run(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', program, root])),
  );
  assert.deepEqual(
    readdirSync(join(root, 'runtime/modules')).filter((name) => name.endsWith('.tmp')),
    [],
  );
});
