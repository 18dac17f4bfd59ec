/** The workers behind expensive comparisons: off the event loop, bounded, and gone when they should be. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { it } from 'node:test';
import { laneOf } from '../../../runtime/services/passwords/lane.ts';
import { createPool } from '../../../runtime/services/passwords/pool.ts';

const EXPENSIVE = '$2b$10$FxAFXxriiKlcJpJ5gNyilOunOVkuzN9xRcN0plEtcD7g3rlOkYDya';
const CHEAP = '$1$saltsalt$NuzA7WTAelpl95xgBGWN60';

const fail = (text: string) => assert.fail(text);

it('the event loop goes on while workers compute', async () => {
  const pool = createPool({ heavy: 1, waiting: 10 }, fail);
  await pool.run(CHEAP, 'x');
  let ticks = 0;
  const timer = setInterval(() => ticks++, 2);
  const outcome = await pool.run(EXPENSIVE, 'x');
  clearInterval(timer);
  assert.deepEqual(outcome, { kind: 'mismatch' });
  assert.ok(ticks >= 5, `${ticks} ticks`);
  await pool.close();
});

it('comparisons beyond the limit are refused at once, heavy ones and others each for themselves', async () => {
  const pool = createPool({ heavy: 1, waiting: 2 }, fail);
  const heavy = Array.from({ length: 5 }, () => pool.run(EXPENSIVE, 'x'));
  const quick = Array.from({ length: 5 }, () => pool.run(CHEAP, 'correct horse'));
  const refused = { kind: 'unusable', message: 'too many password checks are waiting' };
  assert.deepEqual(await heavy[4], refused);
  assert.deepEqual(await quick[4], refused);
  assert.equal((await Promise.all(heavy)).filter(({ kind }) => kind === 'mismatch').length, 3);
  assert.equal((await Promise.all(quick)).filter(({ kind }) => kind === 'match').length, 3);
  await pool.close();
});

it('quick comparisons do not wait behind heavy ones', async () => {
  const pool = createPool({ heavy: 1, waiting: 10 }, fail);
  await Promise.all([pool.run(EXPENSIVE, 'x'), pool.run(CHEAP, 'x')]);
  let heavyDone = 0;
  const heavy = Array.from({ length: 6 }, () => pool.run(EXPENSIVE, 'x').then(() => heavyDone++));
  for (let i = 0; i < 3; i++) assert.equal((await pool.run(CHEAP, 'correct horse')).kind, 'match');
  assert.ok(heavyDone <= 2, `${heavyDone} heavy ones were first`);
  await Promise.all(heavy);
  await pool.close();
});

it('what is heavy is read from the stored text', () => {
  const heavy = [
    '$argon2id$v=19$m=65536,t=3,p=1$c2FsdHNhbHQ$x',
    '$2y$12$x',
    '$6$rounds=50000$salt$x',
    '$7$CU..../....x$x',
    '{PBKDF2}$1$salt$100000$x',
    '{PBKDF2-SHA512}100000$x$x',
    '{SCRAM-SHA-256}600000,x,x,x',
  ];
  const quick = [
    '$argon2id$v=19$m=1024,t=2,p=2$c2FsdHNhbHQ$x',
    '$2y$05$x',
    '$6$salt$x',
    '$1$salt$x',
    '{PBKDF2}$1$salt$5000$x',
    '{SCRAM-SHA-1}4096,x,x,x',
    '{CRAM-MD5}x',
    '$argon2',
  ];
  assert.deepEqual(
    heavy.map(laneOf),
    heavy.map(() => 'heavy'),
  );
  assert.deepEqual(
    quick.map(laneOf),
    quick.map(() => 'quick'),
  );
});

it('closing ends running and waiting comparisons as unusable', async () => {
  const pool = createPool({ heavy: 1, waiting: 10 }, fail);
  const running = [pool.run(EXPENSIVE, 'x'), pool.run(EXPENSIVE, 'x')];
  await pool.close();
  for (const outcome of await Promise.all(running)) assert.equal(outcome.kind, 'unusable');
  assert.equal((await pool.run(CHEAP, 'x')).kind, 'unusable');
});

it('idle workers do not keep the process alive', () => {
  const url = JSON.stringify(new URL('../../../runtime/services/passwords/pool.ts', import.meta.url).href);
  const program = `
    import { createPool } from ${url};
    const pool = createPool({ heavy: 1, waiting: 10 }, console.error);
    console.log((await pool.run('${CHEAP}', 'correct horse')).kind);`;
  const { stdout, status } = spawnSync(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', program], {
    encoding: 'utf8',
    timeout: 20_000,
  });
  assert.equal(stdout.trim(), 'match');
  assert.equal(status, 0);
});
