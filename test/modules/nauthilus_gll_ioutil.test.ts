import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
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
  folder = mkdtempSync(join(tmpdir(), 'gll-ioutil-'));
});
after(async () => {
  rmSync(folder, { recursive: true });
  await opened.close();
});

const printed = printer(() => opened, 'nauthilus_gll_ioutil', 'nauthilus_gll_strings');

test('files of any bytes and size are read and written whole', async () => {
  const large = Buffer.alloc(3_000_001, 'xyz\0\xff', 'latin1');
  writeFileSync(join(folder, 'large'), large);
  const out = await printed(`
    local data = ioutil.read_file("${folder}/large")
    print(#data, ioutil.write_file("${folder}/copy", data), ioutil.write_file("${folder}/short", 12.5))
    print(ioutil.write_file("${folder}/none/x", "a"), ioutil.read_file("${folder}"))
  `);
  assert.equal(out.split('\n')[0], '3000001\tnil');
  assert.match(out, /open .*none\/x: no such file or directory\tnil\tread .*: is a directory\n$/);
  assert.deepEqual(readFileSync(join(folder, 'copy')), large);
  assert.equal(statSync(join(folder, 'copy')).mode & 0o777, 0o644 & ~process.umask());
  assert.equal(readFileSync(join(folder, 'short'), 'utf8'), '12.5');
});

test('a pipe without another end and a device without an end hold up nobody', async () => {
  const pipe = join(folder, 'pipe');
  assert.equal(spawnSync('mkfifo', [pipe]).status, 0);
  const out = await printed(`
    print(#(ioutil.read_file("${pipe}")), ioutil.write_file("${pipe}", "x"))
    print(ioutil.read_file("/dev/zero"))
  `);
  assert.equal(out, `0\topen ${pipe}: no such device or address\nnil\tread /dev/zero: file too large\n`);
});

test('copies go from any reader to any writer, which may wait', async () => {
  writeFileSync(join(folder, 'in'), 'line\n'.repeat(20_000));
  const out = await printed(`
    dynamic_loader("nauthilus_gll_time") local time = require("time")
    local parts = {}
    local slow = { write = function(self, text) time.sleep(0.001) parts[#parts + 1] = text end }
    local file = io.open("${folder}/in", "rb")
    print(ioutil.copy(slow, file), #table.concat(parts))
    local builder = strings.new_builder()
    print(ioutil.copyn(builder, strings.new_reader("abcdef"), 3), builder:string())
    print(ioutil.copyn(builder, strings.new_reader("xy"), 3), builder:string())
    print((ioutil.copy(builder, { read = function() error("broken", 0) end }):match("^broken")))
  `);
  assert.equal(out, 'nil\t100000\nnil\tabc\nEOF\tabcxy\nbroken\n');
});
