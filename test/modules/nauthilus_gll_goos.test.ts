import assert from 'node:assert/strict';
import { chmodSync, mkdtempSync, rmSync, statSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import type { OpenedServices } from '../../runtime/services/index.ts';
import { printer } from './lua-program.ts';
import { services } from './script.ts';

let opened: OpenedServices;
let folder: string;
before(async () => {
  opened = await services();
  folder = mkdtempSync(join(tmpdir(), 'gll-goos-'));
});
after(async () => {
  rmSync(folder, { recursive: true });
  await opened.close();
});

const printed = printer(() => opened, 'nauthilus_gll_goos');

test('facts about what a path leads to', async () => {
  const path = join(folder, 'grün');
  writeFileSync(path, '12345');
  chmodSync(path, 0o4750);
  utimesSync(path, 1_600_000_000, 1_600_000_000.9);
  symlinkSync(path, join(folder, 'link'));
  const out = await printed(`
    for _, name in ipairs({ "grün", "link" }) do
      local facts = goos.stat("${folder}/" .. name)
      print(facts.is_dir, facts.size, facts.mod_time, facts.mode)
    end
    print(goos.stat("${folder}").is_dir, goos.stat("/dev/null").mode:sub(1, 2), goos.stat("${path}/x"))
    print(goos.hostname(), goos.get_pagesize() > 0)
  `);
  const facts = 'false\t5\t1600000000\tu';
  assert.equal(
    out,
    `${`${facts}rwxr-x---\n`.repeat(2)}true\tDc\tnil\tstat ${path}/x: not a directory\n${hostname()}\ttrue\n`,
  );
});

test('folders are made with all above them', async () => {
  const out = await printed(`
    print(select("#", goos.mkdir_all("${folder}/x/y/z")), select("#", goos.mkdir_all("${folder}/x/y")))
    print(goos.mkdir_all("/proc/nosuch/x") ~= nil, goos.mkdir_all(""), goos.mkdir_all("${folder}/a\\0b") ~= nil)
  `);
  assert.match(out, /^0\t0\ntrue\tmkdir : no such file or directory\ttrue\n/);
  assert.equal(statSync(join(folder, 'x/y/z')).mode & 0o777, 0o755 & ~process.umask());
});
