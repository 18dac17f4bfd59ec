import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import type { OpenedServices } from '../../runtime/services/index.ts';
import { printer } from './lua-program.ts';
import { services } from './script.ts';

let opened: OpenedServices;
let folder: string;
before(async () => {
  opened = await services();
  folder = mkdtempSync(join(tmpdir(), 'gll-filepath-'));
  for (const path of ['a/b', 'ä', '.hidden']) mkdirSync(join(folder, path), { recursive: true });
  for (const name of ['a/1.lua', 'a/b/2.lua', 'ä/3.lua', '.hidden/4.lua', '[x].lua'])
    writeFileSync(join(folder, name), '');
  symlinkSync('a/b', join(folder, 'link'));
  symlinkSync('nowhere', join(folder, 'broken'));
  symlinkSync('loop', join(folder, 'loop'));
});
after(async () => {
  rmSync(folder, { recursive: true });
  await opened.close();
});

const printed = printer(() => opened, 'nauthilus_gll_filepath');

test('patterns find files in folders of any name, and broken links', async () => {
  const out = await printed(`
    local function show(pattern)
      local found, err = filepath.glob("${folder}/" .. pattern)
      print(found and table.concat(found, " "):gsub("${folder.replaceAll('-', '%-')}/", "") or err)
    end
    show("*/*.lua") show("?/*.lua") show("[^.]*/?.lua") show("b*") show("\\\\[x\\\\].lua") show("a/b") show("a/none") show("[")
  `);
  assert.equal(
    out.replace(/\t\d+/g, ''),
    [
      '.hidden/4.lua a/1.lua link/2.lua ä/3.lua',
      'a/1.lua ä/3.lua',
      'a/1.lua link/2.lua ä/3.lua',
      'broken',
      '[x].lua',
      'a/b',
      '',
      'syntax error in pattern',
      '',
    ].join('\n'),
  );
});

test('links are followed to their end, or to what is in the way', async () => {
  const out = await printed(`
    local function show(path) print((("%s %s"):format(filepath.eval_symlinks("${folder}/" .. path)))) end
    print(filepath.eval_symlinks("${folder}/link/../b/2.lua"))
    print(filepath.eval_symlinks("${folder}/broken"))
    print(filepath.eval_symlinks("${folder}/loop"))
    print(filepath.eval_symlinks("${folder}/a/1.lua/x"))
  `);
  assert.equal(
    out.replaceAll(folder, 'F'),
    'F/a/b/2.lua\n\tlstat F/nowhere: no such file or directory\n\tEvalSymlinks: too many links\n\tnot a directory\n',
  );
});

test('a pattern with many stars takes no time', async () => {
  const started = performance.now();
  await printed(`print(filepath.match(("a*"):rep(30) .. "b", ("a"):rep(2000)))`);
  assert.ok(performance.now() - started < 3000);
});
