import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, test } from 'node:test';
import { hashSources, isFresh, recordBuild } from '../../compiler/cli/freshness.mjs';

const ARGS = ['-c', 'nauthilus.yml'];

let root = '';
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'freshness-'));
  for (const folder of ['compiler', 'runtime', 'dist', 'lua']) mkdirSync(join(root, folder));
  for (const name of [
    'package.json',
    'package-lock.json',
    'nauthilus.yml',
    'dist/a.mjs',
    'lua/f.lua',
    'runtime/x.ts',
  ]) {
    writeFileSync(join(root, name), 'first');
  }
  recordBuild(root, ARGS, hashSources(root), ['dist/a.mjs', 'nauthilus.yml', 'lua/f.lua', 'lua/absent.lua']);
});
afterEach(() => rmSync(root, { recursive: true }));

test('nothing changed, nothing to build', () => {
  assert.equal(isFresh(root, ARGS), true);
});

for (const name of ['lua/f.lua', 'nauthilus.yml', 'dist/a.mjs', 'runtime/x.ts', 'package-lock.json']) {
  test(`a changed ${name} is noticed`, () => {
    writeFileSync(join(root, name), 'second');
    assert.equal(isFresh(root, ARGS), false);
  });
}

test('a new source, a missing artifact and a file where a module was looked for are noticed', () => {
  writeFileSync(join(root, 'lua/absent.lua'), '');
  assert.equal(isFresh(root, ARGS), false);
  rmSync(join(root, 'lua/absent.lua'));
  assert.equal(isFresh(root, ARGS), true);
  writeFileSync(join(root, 'compiler/new.ts'), '');
  assert.equal(isFresh(root, ARGS), false);
  rmSync(join(root, 'compiler/new.ts'));
  rmSync(join(root, 'dist/a.mjs'));
  assert.equal(isFresh(root, ARGS), false);
});

test('other arguments, generated registries and a missing record', () => {
  assert.equal(isFresh(root, ['-c', 'other.yml']), false);
  writeFileSync(join(root, 'runtime/index.gen.ts'), 'generated');
  assert.equal(isFresh(root, ARGS), true);
  rmSync(join(root, 'node_modules'), { recursive: true });
  assert.equal(isFresh(root, ARGS), false);
});
