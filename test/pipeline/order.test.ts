import assert from 'node:assert/strict';
import { test } from 'node:test';
import { STAGES } from '../../runtime/pipeline/run.ts';
import { FEATURES } from '../../runtime/pipeline/stages/features.ts';

test('a login meets the stages in this order', () => {
  const order = STAGES.map(({ name }) => name);
  assert.deepEqual(order, ['memory-cache', 'brute-force', 'features', 'backends', 'filters']);
});

test('no two stages share a place', () => {
  assert.equal(new Set(STAGES.map(({ order }) => order)).size, STAGES.length);
});

test('scripts are asked before the built-in features', () => {
  assert.deepEqual(
    FEATURES.map(({ name }) => name),
    ['lua', 'tls_encryption', 'relay_domains'],
  );
});

test('lookups without a password skip everything that judges a client', () => {
  const lookup = STAGES.filter(({ modes }) => modes.includes('no-auth')).map(({ name }) => name);
  assert.deepEqual(lookup, ['backends', 'filters']);
});
