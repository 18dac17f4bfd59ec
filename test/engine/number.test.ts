import assert from 'node:assert/strict';
import test from 'node:test';
import { numberToString, parseInteger, stringToNumber } from '../../runtime/engine/strings/number.ts';

const texts: readonly (readonly [number, string])[] = [
  [0, '0'],
  [-0, '-0'],
  [1, '1'],
  [-42, '-42'],
  [1e15, '1000000000000000'],
  [2 ** 53, '9007199254740992'],
  [2 ** 62, '4611686018427387904'],
  [-(2 ** 60), '-1152921504606846976'],
  [2 ** 63, '9.2233720368548e+18'],
  [1e100, '1e+100'],
  [0.1, '0.1'],
  [0.1 + 0.2, '0.3'],
  [1 / 3, '0.33333333333333'],
  [100 / 3, '33.333333333333'],
  [1e-4, '0.0001'],
  [1e-5, '1e-05'],
  [123e-7, '1.23e-05'],
  [5e-324, '4.9406564584125e-324'],
  [1700000000.123456, '1700000000.1235'],
  [1e14 + 0.5, '1e+14'],
  [-2.5, '-2.5'],
  [Number.POSITIVE_INFINITY, 'inf'],
  [Number.NEGATIVE_INFINITY, '-inf'],
  [Number.NaN, 'nan'],
];

test('numbers print all digits when integral below 2^63, else 14 significant digits', () => {
  for (const [n, text] of texts) assert.equal(numberToString(n), text);
});

test('an exact tie in the 15th digit goes to the even neighbour, as in C', () => {
  assert.equal(numberToString(12345678901234.5), '12345678901234');
  assert.equal(numberToString(1234567890123.25), '1234567890123.2');
  assert.equal(numberToString(1234567890123.75), '1234567890123.8');
});

const numerals: readonly (readonly [string, number | undefined])[] = [
  ['10', 10],
  [' 10 ', 10],
  ['\t5\n', 5],
  ['\v5\f\r', 5],
  ['5.', 5],
  ['.5', 0.5],
  ['+5', 5],
  ['-7', -7],
  ['1e2', 100],
  ['1E+5', 100000],
  ['010', 10],
  ['0x10', 16],
  ['0XfF', 255],
  ['-0x10', -16],
  ['0x1p4', 16],
  ['0x.8', 0.5],
  ['0xA.8', 10.5],
  ['0xffffffffffffffff', 18446744073709552000],
  ['0x1p-1080', 2 ** -1080],
  ['0xDfb6Cf9037aD5ep-1080', 4.8611367780298278e-309],
  ['0x1p99999', Number.POSITIVE_INFINITY],
  ['1e400', Number.POSITIVE_INFINITY],
  ['-1e400', Number.NEGATIVE_INFINITY],
  ['1e-400', 0],
  ['9007199254740993', 9007199254740992],
  ...['', ' ', '.', '1e', '1e+', '10a', '- 5', '--5', '1 2', '0x', '0xp1', '0x1p', '1_000', '0b11', '0o7'].map(
    (text) => [text, undefined] as const,
  ),
  ...['inf', 'nan', 'Infinity', '1\x002', '\xa05', '１'].map((text) => [text, undefined] as const),
];

test('strings are numbers by the rules of C, without inf and nan', () => {
  for (const [text, n] of numerals) assert.equal(stringToNumber(text), n, JSON.stringify(text));
});

test('a numeral in another base has digits and letters only', () => {
  assert.equal(parseInteger('ff', 16), 255);
  assert.equal(parseInteger(' -0xFf ', 16), -255);
  assert.equal(parseInteger('zz', 36), 1295);
  assert.equal(parseInteger('101', 2), 5);
  assert.equal(parseInteger('102', 2), undefined);
  assert.equal(parseInteger('', 16), undefined);
  assert.equal(parseInteger('1.5', 8), undefined);
  assert.ok(Object.is(parseInteger('-0', 8), 0));
});

test('a long numeral in another base is rounded correctly and cannot be made slow', () => {
  assert.equal(parseInteger('ffffffffffffffffff', 16), Number(2n ** 72n - 1n));
  assert.equal(parseInteger('z'.repeat(1_000_000), 36), Number.POSITIVE_INFINITY);
  assert.equal(parseInteger(`${'0'.repeat(5000)}1`, 2), 1);
});
