import assert from 'node:assert/strict';
import { test } from 'node:test';
import { attributesFrom, firstText, mergeAttributes } from '../../runtime/login/attributes.ts';

test('string keys become attributes, a list becomes several values', () => {
  const groups = new Map([
    [1, 'staff'],
    [2, 'admins'],
  ]);
  const attributes = attributesFrom(
    new Map<boolean | number | string, string | number | typeof groups>([
      ['account', 'mia'],
      ['quota', 5],
      ['group', groups],
      [1, 'dropped'],
    ]),
  );
  assert.deepEqual(
    [...attributes],
    [
      ['account', ['mia']],
      ['quota', [5]],
      ['group', ['staff', 'admins']],
    ],
  );
});

test('a table that is no list stays one value', () => {
  const nested = new Map([['host', 'mx1']]);
  assert.deepEqual(attributesFrom(new Map([['route', nested]])).get('route'), [nested]);
});

test('an account may be text or number, and is empty otherwise', () => {
  const attributes = attributesFrom(
    new Map<string, string | number | boolean>([
      ['text', 'mia'],
      ['number', 4711],
      ['flag', true],
    ]),
  );
  assert.equal(firstText(attributes, 'text'), 'mia');
  assert.equal(firstText(attributes, 'number'), '4711');
  assert.equal(firstText(attributes, 'flag'), '');
  assert.equal(firstText(attributes, 'missing'), '');
  assert.equal(firstText(attributes, ''), '');
});

test('filters remove first and never overwrite', () => {
  const before = attributesFrom(
    new Map([
      ['hostip', '10.0.0.1'],
      ['keep', 'kept'],
    ]),
  );
  const added = new Map([
    ['hostip', '10.9.9.9'],
    ['keep', 'other'],
    ['new', 'yes'],
  ]);
  const after = mergeAttributes(before, new Set(['hostip', 'not-there']), added);
  assert.deepEqual(
    [...after],
    [
      ['keep', ['kept']],
      ['hostip', ['10.9.9.9']],
      ['new', ['yes']],
    ],
  );
  assert.deepEqual([...before.keys()], ['hostip', 'keep']);
});
