import assert from 'node:assert/strict';
import { test } from 'node:test';
import { newSession } from '../../runtime/login/session.ts';

const KSUID_DIGITS = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

function decode(session: string): bigint {
  return [...session].reduce((value, digit) => value * 62n + BigInt(KSUID_DIGITS.indexOf(digit)), 0n);
}

test('a session has 27 digits to base 62', () => {
  for (let i = 0; i < 2000; i++) assert.match(newSession(Date.now()), /^[0-9A-Za-z]{27}$/);
});

test('the first 32 bits are the seconds since 2014', () => {
  const session = newSession(1_732_455_437_123);
  assert.equal(decode(session) >> 128n, 332_455_437n);
});

test('sessions sort by time and do not repeat', () => {
  const earlier = newSession(1_732_455_437_000);
  const later = newSession(1_732_455_438_000);
  assert.ok(earlier < later);
  assert.equal(new Set(Array.from({ length: 5000 }, () => newSession(0))).size, 5000);
});
