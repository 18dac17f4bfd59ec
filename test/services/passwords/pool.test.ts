/** The workers behind expensive comparisons: off the event loop, bounded, and gone when they should be. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { it } from 'node:test';
import { createPool } from '../../../runtime/services/passwords/pool.ts';

const EXPENSIVE = '$2b$10$FxAFXxriiKlcJpJ5gNyilOunOVkuzN9xRcN0plEtcD7g3rlOkYDya';
const CHEAP = '$1$saltsalt$NuzA7WTAelpl95xgBGWN60';

const fail = (text: string) => assert.fail(text);

it('the event loop goes on while workers compute', async () => {
  const pool = createPool({ workers: 1, waiting: 10 }, fail);
  await pool.run(CHEAP, 'x');
  let ticks = 0;
  const timer = setInterval(() => ticks++, 2);
  const outcome = await pool.run(EXPENSIVE, 'x');
  clearInterval(timer);
  assert.deepEqual(outcome, { kind: 'mismatch' });
  assert.ok(ticks >= 5, `${ticks} ticks`);
  await pool.close();
});

it('comparisons beyond the limit are refused at once', async () => {
  const pool = createPool({ workers: 1, waiting: 2 }, fail);
  const outcomes = await Promise.all(Array.from({ length: 6 }, () => pool.run(CHEAP, 'correct horse')));
  assert.equal(outcomes.filter(({ kind }) => kind === 'match').length, 3);
  assert.deepEqual(outcomes[5], { kind: 'unusable', message: 'too many password checks are waiting' });
  await pool.close();
});

it('closing ends running and waiting comparisons as unusable', async () => {
  const pool = createPool({ workers: 1, waiting: 10 }, fail);
  const running = [pool.run(EXPENSIVE, 'x'), pool.run(EXPENSIVE, 'x')];
  await pool.close();
  for (const outcome of await Promise.all(running)) assert.equal(outcome.kind, 'unusable');
  assert.equal((await pool.run(CHEAP, 'x')).kind, 'unusable');
});

it('idle workers do not keep the process alive', () => {
  const url = JSON.stringify(new URL('../../../runtime/services/passwords/pool.ts', import.meta.url).href);
  const program = `
    import { createPool } from ${url};
    const pool = createPool({ workers: 2, waiting: 10 }, console.error);
    console.log((await pool.run('${CHEAP}', 'correct horse')).kind);`;
  const { stdout, status } = spawnSync(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', program], {
    encoding: 'utf8',
    timeout: 20_000,
  });
  assert.equal(stdout.trim(), 'match');
  assert.equal(status, 0);
});
