import assert from 'node:assert/strict';
import test from 'node:test';
import fc from 'fast-check';
import { fromBuffer, fromUtf8, isAscii, toBuffer, toUtf8String } from '../../runtime/engine/bytes.ts';

test('text becomes its UTF-8 bytes and back', () => {
  assert.equal(fromUtf8('ü'), '\xc3\xbc');
  assert.equal(toUtf8String('\xe2\x82\xac'), '€');
  fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => toUtf8String(fromUtf8(text)) === text));
});

test('ASCII is the same on both sides', () => {
  assert.equal(fromUtf8('plain\0text'), 'plain\0text');
  assert.equal(isAscii('plain'), true);
  assert.equal(isAscii('\x80'), false);
});

test('invalid UTF-8 and lone surrogates become U+FFFD', () => {
  assert.equal(toUtf8String('a\xffb'), 'a\ufffdb');
  assert.equal(fromUtf8('\ud800'), fromUtf8('\ufffd'));
});

test('a buffer holds the same bytes as the string', () => {
  const bytes = fc.uint8Array().map((array) => String.fromCharCode(...array));
  fc.assert(fc.property(bytes, (text) => fromBuffer(toBuffer(text)) === text));
  assert.equal(fromBuffer(new Uint8Array([0, 200, 255]).subarray(1)), '\xc8\xff');
});
