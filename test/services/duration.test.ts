/** Durations in the notation of Go. */
import assert from 'node:assert/strict';
import { it } from 'node:test';
import { formatDuration } from '../../runtime/services/index.ts';

it('durations print in the unit that fits, without trailing zeros', () => {
  const cases: readonly (readonly [number, string])[] = [
    [0, '0s'],
    [0.000001, '1ns'],
    [0.0015, '1.5µs'],
    [0.999999, '999.999µs'],
    [1, '1ms'],
    [3.214, '3.214ms'],
    [1.234567, '1.234567ms'],
    [1500, '1.5s'],
    [59_999.9999, '59.9999999s'],
    [60_000, '1m0s'],
    [62_500, '1m2.5s'],
    [3_600_000, '1h0m0s'],
    [3_723_004.5, '1h2m3.0045s'],
    [-1500, '-1.5s'],
  ];
  for (const [milliseconds, text] of cases) assert.equal(formatDuration(milliseconds), text);
});
