import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { after, before, test } from 'node:test';
import type { OpenedServices } from '../../runtime/services/index.ts';
import { printer } from './lua-program.ts';
import { services } from './script.ts';

let opened: OpenedServices;
before(async () => {
  opened = await services();
});
after(() => opened.close());

const printed = printer(() => opened, 'nauthilus_gll_cmd');

test('commands run beside the event loop and each other', async () => {
  let turns = 0;
  const timer = setInterval(() => turns++, 10);
  const started = performance.now();
  await Promise.all(Array.from({ length: 4 }, () => printed('cmd.exec("sleep 0.4")')));
  clearInterval(timer);
  assert.ok(performance.now() - started < 1400);
  assert.ok(turns > 15, String(turns));
});

test('a timeout ends what the shell has started, too', async () => {
  const mark = `0.${process.pid}777`;
  const out = await printed(`
    print(cmd.exec("sleep 98${mark} & sleep 99${mark}", 1))
    print(cmd.exec("trap '' TERM; echo begun; sleep 97${mark}", 1))
  `);
  assert.equal(out, 'nil\texecute timeout\nnil\texecute timeout\n');
  const running = execFileSync('sh', [
    '-c',
    `grep -alz "^9[789]${mark.replace('.', '\\.')}$" /proc/[0-9]*/cmdline 2>/dev/null || true`,
  ]);
  assert.equal(String(running), '');
});

test('standard input is empty, output may be any bytes, a signal is -1', async () => {
  const out = await printed(`
    local ended = cmd.exec("cat; printf '\\\\377\\\\000x'; echo err >&2; exit 3")
    print(ended.status, #ended.stdout, ended.stdout:byte(1, 3))
    print((ended.stderr:gsub("\\n", "")), cmd.exec("kill -9 $$").status)
    print(cmd.exec("true", 0), (cmd.exec("true", 0.9)))
  `);
  assert.equal(out, '3\t3\t255\t0\t120\nerr\t-1\nnil\tnil\n');
});

test('a command that never stops writing is ended', async () => {
  const out = await printed(
    'local ended, err = cmd.exec("yes", 20) print(ended and ended.status, ended and #ended.stdout < 70e6, err)',
  );
  assert.equal(out, '-1\ttrue\tnil\n');
});
