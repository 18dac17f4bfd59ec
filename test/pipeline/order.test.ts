import assert from 'node:assert/strict';
import { test } from 'node:test';
import { STAGES } from '../../runtime/pipeline/run.ts';
import { defineStage, inOrder } from '../../runtime/pipeline/stage.ts';
import { FEATURES } from '../../runtime/pipeline/stages/features.ts';

test('a login meets the stages in this order', () => {
  const order = STAGES.map(({ name }) => name);
  assert.deepEqual(order, ['memory-cache', 'brute-force', 'features', 'backends', 'filters']);
});

test('two stages of one place, and one that is not named like its file, are refused by the names of their files', () => {
  const stage = (name: string, order: number) => defineStage({ name, order, modes: ['auth'], run: () => 'next' });
  assert.throws(() => inOrder([stage('a', 20), stage('b', 10), stage('c', 20)], ['s/a.ts', 's/b.ts', 's/c.ts']), {
    message: 's/a.ts and s/c.ts have the same place: order 20',
  });
  assert.throws(() => inOrder([stage('a', 20)], ['s/night.ts']), { message: /^s\/night.ts: the stage 'a' / });
});

test('scripts are asked before the built-in features', () => {
  assert.deepEqual(
    FEATURES.map(({ name }) => name),
    ['lua', 'tls_encryption', 'relay_domains', 'rbl'],
  );
});

test('lookups without a password skip everything that judges a client', () => {
  const lookup = STAGES.filter(({ modes }) => modes.includes('no-auth')).map(({ name }) => name);
  assert.deepEqual(lookup, ['backends', 'filters']);
});
