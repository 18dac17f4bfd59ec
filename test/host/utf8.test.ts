import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { nearest } from '../../runtime/host/nearest.ts';
import { characterLength, charactersOf, encodeCodePoint, replaceInvalid } from '../../runtime/host/utf8.ts';

const bytesOf = (text: string): string => Buffer.from(text, 'utf8').toString('latin1');

test('characters of valid UTF-8 are those of the text', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), (text) => {
      const valid = Buffer.from(text, 'utf8').toString('utf8');
      assert.deepEqual(charactersOf(bytesOf(valid)), [...valid].map(bytesOf));
      assert.equal(replaceInvalid(bytesOf(valid)), bytesOf(valid));
    }),
  );
});

test('whatever is replaced is valid UTF-8 afterwards', () => {
  fc.assert(
    fc.property(fc.uint8Array(), (bytes) => {
      const replaced = Buffer.from(replaceInvalid(Buffer.from(bytes).toString('latin1')), 'latin1');
      assert.doesNotThrow(() => new TextDecoder('utf-8', { fatal: true }).decode(replaced));
    }),
  );
});

test('overlong forms, surrogates and cut characters start no character', () => {
  for (const bytes of ['\xc0\x80', '\xe0\x80\x80', '\xed\xa0\x80', '\xf4\x90\x80\x80', '\xe2\x82', '\x80', '\xff']) {
    assert.equal(characterLength(bytes, 0), 0, JSON.stringify(bytes));
  }
  assert.equal(replaceInvalid('a\xe2\x82b'), 'a\xef\xbf\xbd\xef\xbf\xbdb');
});

test('code points are encoded as Buffer does it', () => {
  for (const point of [0, 0x7f, 0x80, 0x7ff, 0x800, 0xffff, 0x10000, 0x10ffff]) {
    assert.equal(encodeCodePoint(point), bytesOf(String.fromCodePoint(point)));
  }
  assert.equal(encodeCodePoint(0xd800), '\xef\xbf\xbd');
});

test('the nearest name is close, or ends alike, or is none', () => {
  const known = ['nauthilus_redis', 'nauthilus_gll_json', 'time', 'strings'];
  assert.equal(nearest('nauthilus_rediss', known), 'nauthilus_redis');
  assert.equal(nearest('json', known), 'nauthilus_gll_json');
  assert.equal(nearest('tme', known), 'time');
  assert.equal(nearest('completely_else', known), undefined);
});
