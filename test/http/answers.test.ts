import assert from 'node:assert/strict';
import { test } from 'node:test';
import { jsonAnswer, safeHeaderValue } from '../../runtime/http/answers.ts';

test('line breaks and other controls in header values become blanks', () => {
  assert.equal(safeHeaderValue('one\r\ntwo: three'), 'one two: three');
  assert.equal(safeHeaderValue('a\x00b\x1fc\x7fd'), 'a b c d');
  assert.equal(safeHeaderValue('tab\tand J\xc3\xbcrgen'), 'tab\tand J\xc3\xbcrgen');
});

test('characters that HTML gives a meaning are escaped in JSON', () => {
  const { body } = jsonAnswer(200, { tag: '<b>&amp;</b>' });
  assert.equal(body, '{"tag":"\\u003cb\\u003e\\u0026amp;\\u003c/b\\u003e"}');
});
