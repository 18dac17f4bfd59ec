/** `nauthilus types`: the definitions that lie in lua/types, for those who only have the program. */
import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { runNode, SOURCES } from './sandbox.ts';

const TYPES = fileURLToPath(new URL('../../lua/types/', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'nauthilus-types-'));
after(() => rmSync(folder, { recursive: true }));

test('the files are those of the project, in a folder that is made', async () => {
  const names = readdirSync(TYPES).sort();
  const { code, stdout } = await runNode([SOURCES, 'types', 'a/b'], folder);
  assert.deepEqual([code, stdout], [0, `wrote ${names.length} files to a/b\n`]);
  assert.deepEqual(readdirSync(join(folder, 'a/b')).sort(), names);
  for (const name of names) {
    assert.equal(readFileSync(join(folder, 'a/b', name), 'utf8'), readFileSync(join(TYPES, name), 'utf8'), name);
  }
});

test('a folder that cannot be written is a message and exit code 1', async () => {
  writeFileSync(join(folder, 'file'), '');
  const { code, stderr } = await runNode([SOURCES, 'types', 'file'], folder);
  assert.equal(code, 1);
  assert.match(stderr, /^nauthilus: .*file/);
});
