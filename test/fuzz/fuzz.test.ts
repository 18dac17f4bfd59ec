/** A short run of the differential fuzzer (`npm run fuzz:lua` makes long ones). */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { baselineOutput } from '../baseline.ts';
import { withoutReference } from '../lua.ts';
import { Choices } from './choices.ts';
import { commonProgram } from './common-subset.ts';
import { comparable } from './compare.ts';
import { ourOutput, referenceOutputs, WAYS } from './engines.ts';
import { fuzz } from './fuzz.ts';

test('random programs behave as in Lua 5.1, however they get to run', { skip: withoutReference }, async () => {
  for (const seed of [1, 2_000_000]) {
    const { differences, failed, undecided } = await fuzz({ programs: 100, seed, mostDifferences: 1 });
    const [difference] = differences;
    assert.equal(difference?.ours, difference?.expected, `seed ${seed}, ${difference?.way}:\n${difference?.program}`);
    assert.ok(failed < 60, `${failed} programs of 100 ended early`);
    assert.ok(undecided < 5, `${undecided} programs of 100 show nothing`);
  }
});

test('random programs of the common subset print what lua-in-js prints', async () => {
  const inputs = fc.sample(fc.noBias(fc.uint8Array({ minLength: 20, maxLength: 200, size: 'max' })), {
    numRuns: 150,
    seed: 1,
  });
  const programs = inputs.map((bytes) => commonProgram(new Choices(bytes)));
  const expected = withoutReference === false ? referenceOutputs(programs) : undefined;
  for (const [i, program] of programs.entries()) {
    const printed = comparable(baselineOutput(program));
    if (expected !== undefined)
      assert.equal(printed, comparable(expected[i] ?? ''), `not in the common subset:\n${program}`);
    for (const way of WAYS) assert.equal(comparable(await ourOutput(program, way)), printed, `${way}:\n${program}`);
  }
});
