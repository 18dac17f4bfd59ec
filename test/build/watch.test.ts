import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { afterEach, beforeEach, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { type ProgramWatcher, watchProgram } from '../../compiler/build/watch.ts';

/** Longer than the watcher waits before it looks at the files itself. */
const AFTER_A_LOOK_MS = 1500;
const SETTLE_MS = 40;

let folder: string;
let watcher: ProgramWatcher | undefined;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'nauthilus-watch-'));
});
afterEach(async () => {
  await watcher?.close();
  rmSync(folder, { recursive: true });
});

async function untilCalled(calls: readonly unknown[], times: number): Promise<void> {
  const limit = Date.now() + 20_000;
  while (calls.length < times) {
    assert.ok(Date.now() < limit, 'the change was not handed over');
    await sleep(10);
  }
}

test('a change is handed over once, under the name that was given', async () => {
  // As `-c ./nauthilus.yml` gives it: events leave the `./` out.
  const file = `./${relative(process.cwd(), join(folder, 'a.lua'))}`;
  const added = `./${relative(process.cwd(), join(folder, 'b.lua'))}`;
  writeFileSync(file, 'return 1');
  const calls: (readonly string[])[] = [];
  watcher = await watchProgram([file], async (changed) => void calls.push(changed));
  writeFileSync(file, 'return 12');
  await untilCalled(calls, 1);
  await sleep(AFTER_A_LOOK_MS);
  assert.deepEqual(calls, [[file]]);
  watcher.setFiles([added]);
  await sleep(AFTER_A_LOOK_MS);
  writeFileSync(file, 'return 123');
  writeFileSync(added, 'return 1');
  await untilCalled(calls, 2);
  await sleep(AFTER_A_LOOK_MS);
  assert.deepEqual(calls, [[file], [added]]);
});

test('what changes while a change is taken over is handed over when it has settled', async () => {
  const [first, second] = [join(folder, 'a.lua'), join(folder, 'b.lua')];
  for (const file of [first, second]) writeFileSync(file, '');
  let written = 0;
  const calls: number[] = [];
  watcher = await watchProgram([first, second], async () => {
    calls.push(performance.now());
    if (calls.length > 1) return;
    writeFileSync(second, 'return 2');
    written = performance.now();
    await sleep(SETTLE_MS / 2);
  });
  writeFileSync(first, 'return 1');
  await untilCalled(calls, 2);
  // A timer may be a millisecond early.
  assert.ok((calls[1] ?? 0) - written >= SETTLE_MS - 1, `after ${(calls[1] ?? 0) - written} ms`);
});
