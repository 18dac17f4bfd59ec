import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import type { LuaTable, LuaValue } from '../../runtime/engine/api.ts';
import { currentCall } from '../../runtime/host/index.ts';
import { formatText } from '../../runtime/modules/go/print.ts';
import log from '../../runtime/modules/nauthilus_gll_log.ts';
import loglevel from '../../runtime/modules/nauthilus_gll_loglevel.ts';
import type { OpenedServices } from '../../runtime/services/index.ts';
import { runProgram } from './program.ts';
import { Script, services } from './script.ts';

let opened: OpenedServices;
let script: Script;
let module: LuaTable;
let folder: string;
before(async () => {
  opened = await services();
  script = new Script(opened, [log, loglevel]);
  module = await script.require('log', 'nauthilus_gll_log');
  folder = mkdtempSync(join(tmpdir(), 'gll-log-'));
});
after(async () => {
  rmSync(folder, { recursive: true });
  await opened.close();
});

/** Cases in the words of Go's fmt documentation, for verbs that the recorded cases leave out. */
describe('printf', () => {
  const cases: readonly [string, readonly LuaValue[], string][] = [
    ['%08.3f|%+.2e|% d', [-3.14999, 12345.678, 7], '-003.150|+1.23e+04| 7'],
    ['%.3g %.3g %g', [1234567, 0.00001234, 100000], '1.23e+06 1.23e-05 100000'],
    ['%#X %#b %.4d %6.3d|', [255, 5, 7, 7], '0XFF 0b101 0007    007|'],
    ['%x %d', [-255, 2 ** 63], '-ff -9223372036854775808'],
    ['%c%c', [0x65e5, -1], Buffer.from('日\ufffd').toString('latin1')],
    ['%[3]d %[1]s %[9]s', ['a', 'b', 3], '3 a %!s(BADINDEX)'],
    ['%.*f', [2, 1.5], '%!(BADPREC)1.500000'],
    ['%v %d', [undefined, undefined], 'nil %!d(*lua.LNilType=nil)'],
    ['%f %e', [Number.POSITIVE_INFINITY, Number.NaN], '+Inf NaN'],
    ['%f', [1e22], '10000000000000000000000.000000'],
    [
      '%-6s|%6q|%.0s|',
      ['é', 'x', 'gone'].map((each) => Buffer.from(each).toString('latin1')),
      `${Buffer.from('é').toString('latin1')}     |   "x"||`,
    ],
  ];
  for (const [format, values, expected] of cases) {
    test(format, async () => {
      const [text] = await script.run(() => formatText(format, values));
      assert.equal(text, expected);
    });
  }

  test('a width that nobody means is ignored', async () => {
    assert.deepEqual(await script.run(() => formatText('%999999999d', [1])), ['1']);
  });
});

test('a named pipe that nobody reads is a failure, not a stop', async () => {
  const pipe = join(folder, 'pipe');
  execFileSync('mkfifo', [pipe]);
  const [logger] = await script.call(module, 'new', '-');
  const [reason] = await script.method(logger, 'set_output', pipe);
  assert.equal(reason, `open ${pipe}: no such device or address`);
});

test('a closed file says so the second time', async () => {
  const path = join(folder, 'a.log');
  const [logger] = await script.call(module, 'new', path, '> ');
  await script.method(logger, 'println', 'x');
  assert.deepEqual(await script.method(logger, 'close'), []);
  assert.deepEqual(await script.method(logger, 'close'), [`close ${path}: file already closed`]);
  await script.method(logger, 'println', 'lost');
  assert.equal(readFileSync(path, 'utf8'), '> x\n');
});

test('methods refuse what they cannot use', async () => {
  const [logger] = await script.call(module, 'new', '-');
  for (const [name, args] of [
    ['printf', [true]],
    ['set_prefix', []],
    ['set_output', [undefined]],
    ['set_flags', [1]],
  ] as const) {
    await assert.rejects(script.method(logger, name, ...args), /bad argument/, name);
  }
  await assert.rejects(script.call(logger, 'close', 'x'), /userdata expected, got string/);
});

test('a file is closed with its script, and open again for the next one that writes', async () => {
  const path = join(folder, 'many.log');
  const count = (): number => readdirSync('/proc/self/fd').length;
  const before = count();
  const program = `dynamic_loader("nauthilus_gll_log") log = require("log") for _ = 1, 20 do log.new("${path}"):print("x") end`;
  assert.equal((await runProgram(opened, program)).failure, undefined);
  assert.equal(count(), before);
  assert.equal(readFileSync(path, 'utf8'), 'x\n'.repeat(20));
  const next = new Script(opened, [log]);
  const [logger] = await next.call(await next.require('log', 'nauthilus_gll_log'), 'new', path, '> ');
  await next.run(() => {
    currentCall().end();
    return undefined;
  });
  assert.equal(count(), before);
  await script.method(logger, 'print', 'later');
  assert.match(readFileSync(path, 'utf8'), /\n> later\n$/);
});

test('a file that cannot be opened leaves the logger on the standard output, and the log says so', async () => {
  const warnings: object[] = [];
  const { stdout } = await runProgram(
    opened,
    'dynamic_loader("nauthilus_gll_log") require("log").new("/no/such/folder/a.log"):print("here")',
    { warn: (fields) => warnings.push(fields) },
  );
  assert.equal(stdout, 'here\n');
  assert.deepEqual(warnings, [{ err: 'open /no/such/folder/a.log: no such file or directory' }]);
});

test('silent levels have no file open', async () => {
  const count = (): number => readdirSync('/proc/self/fd').length;
  const before = count();
  for (let scripts = 0; scripts < 20; scripts++) {
    const own = await new Script(opened, [loglevel]).require('loglevel', 'nauthilus_gll_log');
    assert.ok(own);
  }
  assert.equal(count(), before);
});

test('levels below the current one are silent, and an unknown level is an error', async () => {
  const levels = await script.require('loglevel', 'nauthilus_gll_log');
  const path = join(folder, 'levels.log');
  await script.call(levels, 'set_default_output', path);
  await script.call(levels, 'set_level', 'Error');
  for (const name of ['DEBUG', 'INFO', 'WARN', 'ERROR']) await script.method(levels.$h[name], 'println', name);
  assert.match(readFileSync(path, 'utf8'), /^\[ERROR\] \d{4}\/\d\d\/\d\d ERROR\n$/);
  await assert.rejects(script.call(levels, 'set_level', 'loud'), /unknown log level loud/);
  assert.deepEqual(await script.call(levels, 'get_level'), ['ERROR']);
});
