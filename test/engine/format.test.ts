import assert from 'node:assert/strict';
import test from 'node:test';
import { LuaTable, rawSetString, setMetatable } from '../../runtime/engine/api.ts';
import { call, callWaiting, errorOf, waiting } from './call-library.ts';

function format(template: string, ...args: Parameters<typeof call> extends [string, ...infer R] ? R : never) {
  return call('string.format', template, ...args)[0];
}

test('integers: truncation, flags, width, precision, 64 bits', () => {
  assert.equal(format('%d %d %d', 3.7, -3.7, '10'), '3 -3 10');
  assert.equal(
    format('[%5d][%-5d][%05d][%+d][% d][%.3d]', 42, 42, 42, 42, 42, 7),
    '[   42][42   ][00042][+42][ 42][007]',
  );
  assert.equal(format('%d', 2 ** 53 + 2), '9007199254740994');
  assert.equal(format('%d %d', Number.POSITIVE_INFINITY, Number.NaN), '-9223372036854775808 -9223372036854775808');
  assert.equal(format('%x %X %#x %o %u', -1, 255, 255, 8, -1), 'ffffffffffffffff FF 0xff 10 18446744073709551615');
  assert.equal(format('[%.0d][%5.3d]', 0, 7), '[][  007]');
});

test('floats round the exact binary value, ties to even', () => {
  assert.equal(format('%.0f %.0f %.0f %.2f', 0.5, 1.5, 2.5, 1.005), '0 2 2 1.00');
  assert.equal(format('%g %g %e %.3g', 1e20, 0.0001, 12345.678, 1234.5), '1e+20 0.0001 1.234568e+04 1.23e+03');
  assert.equal(format('%.14g', 123456789012345), '1.2345678901234e+14');
  assert.equal(format('%f', 1e22), '10000000000000000000000.000000');
  assert.equal(format('%.20f', 0.1), '0.10000000000000000555');
  assert.equal(format('[%8.3f][%-8.1f][%+.1e][%#.0f]', 2.71875, 2, 5, 2), '[   2.719][2.0     ][+5.0e+00][2.]');
  assert.equal(
    format('%f %5.1f %G %05f', Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, Number.NaN, 1 / 0),
    'inf  -inf NAN   inf',
  );
});

test('strings: precision, NUL bytes, any value as with tostring', () => {
  assert.equal(format('[%-5s][%5s][%.2s]', 'ab', 'ab', 'xyz'), '[ab   ][   ab][xy]');
  assert.equal(format('%s', 'a\0b'), 'a\0b');
  assert.equal(format('%s %s %s', undefined, true, 1e15), 'nil true 1000000000000000');
  const table = new LuaTable();
  const metatable = new LuaTable();
  rawSetString(metatable, '__tostring', () => 'shown');
  setMetatable(table, metatable);
  assert.equal(format('<%6s>', table), '< shown>');
});

test('a __tostring that waits makes format wait', async () => {
  const table = new LuaTable();
  const metatable = new LuaTable();
  rawSetString(
    metatable,
    '__tostring',
    waiting(() => 'late'),
  );
  setMetatable(table, metatable);
  const [text] = await callWaiting('string.format', 'a %d %s %5.1f %s!', 1, table, 2, table);
  assert.equal(text, 'a 1 late   2.0 late!');
});

test('%c is one byte, %q can be read back, %% is a percent sign', () => {
  assert.equal(format('%c%c%%', 72, 105), 'Hi%');
  assert.equal(format('%c', 0), '\0');
  assert.equal(format('%q', 'a"b\\c\n\r\0d'), '"a\\"b\\\\c\\\n\\r\\000d"');
});

test('mistakes are reported in the words of Lua 5.1, when they are reached', () => {
  const texts = [
    [errorOf('string.format', '%d', 'x'), "bad argument #2 to '?' (number expected, got string)"],
    [errorOf('string.format', '%d', undefined), "bad argument #2 to '?' (number expected, got nil)"],
    [errorOf('string.format', '%d'), "bad argument #2 to '?' (no value)"],
    [errorOf('string.format', '%s'), "bad argument #2 to '?' (no value)"],
    [errorOf('string.format', '%y', 1), "invalid option '%y' to 'format'"],
    [errorOf('string.format', '%a', 1), "invalid option '%a' to 'format'"],
    [errorOf('string.format', '%5%', 1), "invalid option '%%' to 'format'"],
    [errorOf('string.format', '%', 1), "invalid option '%' to 'format'"],
    [errorOf('string.format', '%10.123f', 1), 'invalid format (width or precision too long)'],
    [errorOf('string.format', '%------5d', 1), 'invalid format (repeated flags)'],
    [errorOf('string.format'), "bad argument #1 to '?' (string expected, got no value)"],
    [errorOf('string.format', '%d %y', 'x', 1), "bad argument #2 to '?' (number expected, got string)"],
  ];
  for (const [got, wanted] of texts) assert.equal(got, wanted);
});
