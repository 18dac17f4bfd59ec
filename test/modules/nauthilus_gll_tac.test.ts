import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readlinkSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import type { OpenedServices } from '../../runtime/services/index.ts';
import { printer } from './lua-program.ts';
import { services } from './script.ts';

let opened: OpenedServices;
let folder: string;
before(async () => {
  opened = await services();
  folder = mkdtempSync(join(tmpdir(), 'gll-tac-'));
});
after(async () => {
  rmSync(folder, { recursive: true });
  await opened.close();
});

const printed = printer(() => opened, 'nauthilus_gll_tac');

test('lines come from the end, across blocks, however long they are', async () => {
  const lines = [...Array.from({ length: 5000 }, (_, at) => `line ${at}`), 'x'.repeat(200_000), '', 'lästß\r'];
  writeFileSync(join(folder, 'log'), `${lines.join('\n')}\n`);
  const out = await printed(`
    local file = assert(tac.open("${folder}/log"))
    print(file:line(), "[" .. file:line() .. "]", #file:line(), file:line())
    local n, last = 0
    for line in function() return file:line() end do n, last = n + 1, line end
    print(n, last, file:line(), select("#", file:close()), file:line(), file:close())
  `);
  assert.equal(out, 'lästß\t[]\t200000\tline 4999\n4999\tline 0\tnil\t0\tnil\n');
});

test('a file that is forgotten is closed with the script', async () => {
  writeFileSync(join(folder, 'forgotten'), 'a\n');
  await printed(`local file = tac.open("${folder}/forgotten") print(file:line())`);
  await sleep(50);
  const open = readdirSync('/proc/self/fd').filter((fd) => {
    try {
      return readlinkSync(`/proc/self/fd/${fd}`).endsWith('forgotten');
    } catch {
      return false;
    }
  });
  assert.deepEqual(open, []);
});

test('a folder, a pipe and nothing are nil', async () => {
  const pipe = join(folder, 'pipe');
  assert.equal(spawnSync('mkfifo', [pipe]).status, 0);
  const out = await printed(`
    print(tac.open("${folder}"):line(), tac.open("${pipe}"):line())
    print(tac.open("${folder}/none"))
  `);
  assert.equal(out, `nil\tnil\nnil\topen ${folder}/none: no such file or directory\n`);
});
