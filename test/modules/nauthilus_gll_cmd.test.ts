import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { after, before, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import type { OpenedServices } from '../../runtime/services/index.ts';
import { printer } from './lua-program.ts';
import { runProgram } from './program.ts';
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

/** Processes whose command line ends in the mark. */
function running(mark: string): string {
  const pattern = `^9[0-9]${mark.replace('.', '\\.')}$`;
  return String(execFileSync('sh', ['-c', `grep -alz "${pattern}" /proc/[0-9]*/cmdline 2>/dev/null || true`]));
}

/** The system takes a moment to bury who was killed. */
async function untilGone(mark: string): Promise<string> {
  for (let tries = 0; running(mark) !== '' && tries < 50; tries++) await sleep(50);
  return running(mark);
}

test('a timeout ends what the shell has started, too', async () => {
  const mark = `0.${process.pid}777`;
  const out = await printed(`
    print(cmd.exec("sleep 98${mark} & sleep 99${mark}", 1))
    print(cmd.exec("trap '' TERM; echo begun; sleep 97${mark}", 1))
  `);
  assert.equal(out, 'nil\texecute timeout\nnil\texecute timeout\n');
  assert.equal(running(mark), '');
});

test('a command ends with the script that waits for it', async () => {
  const mark = `0.${process.pid}888`;
  const { failure } = await runProgram(
    opened,
    `dynamic_loader("nauthilus_gll_cmd") require("cmd").exec("sleep 96${mark}; sleep 95${mark}", 60)`,
    { deadlineMs: 500 },
  );
  assert.match(failure ?? '', /deadline|time/);
  assert.equal(await untilGone(mark), '');
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
