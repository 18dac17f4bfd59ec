import assert from 'node:assert/strict';
import test from 'node:test';
import { LuaTable, type LuaValue, rawSetString, setMetatable, tableFromEntries } from '../../runtime/engine/api.ts';
import { call, callWaiting, errorIn, errorOf, libraryFunction, run, waiting } from './call-library.ts';

/** Each row: function, arguments, results. */
function check(rows: readonly (readonly [string, readonly LuaValue[], readonly LuaValue[]])[]): void {
  for (const [name, args, results] of rows) {
    assert.deepEqual(call(`string.${name}`, ...args), results, `${name}(${args.map(String).join(', ')})`);
  }
}

test('sub and byte count from either end and clip', () => {
  check([
    ['sub', ['hello', -3], ['llo']],
    ['sub', ['hello', 2, -2], ['ell']],
    ['sub', ['hello', 0], ['hello']],
    ['sub', ['hello', 3, 2], ['']],
    ['sub', ['hello', -100, 2], ['he']],
    ['sub', ['hello', 2, 100], ['ello']],
    ['sub', ['hello', '2', 3.9], ['el']],
    ['sub', [12345, 2, 3], ['23']],
    ['sub', ['abc', 1, Number.POSITIVE_INFINITY], ['']],
    ['byte', ['hello', 2, 4], [101, 108, 108]],
    ['byte', ['hello'], [104]],
    ['byte', ['hello', 10], []],
    ['byte', ['hello', -1], [111]],
    ['byte', ['hello', 0], []],
    ['byte', ['hello', 0, 2], [104, 101]],
    ['byte', ['hello', 0.5], []],
    ['byte', ['', 1], []],
  ]);
});

test('case and reversal are bytewise and ASCII only', () => {
  check([
    ['upper', ['aé\xe9z'.replace('é', '\xc3\xa9')], ['A\xc3\xa9\xe9Z']],
    ['lower', ['A\xc9Z'], ['a\xc9z']],
    ['lower', ['ABC'], ['abc']],
    ['reverse', ['\xc3\xa9a'], ['a\xa9\xc3']],
    ['len', ['a\0b'], [3]],
    ['char', [72, '105', 256 - 1], ['Hi\xff']],
    ['char', [], ['']],
    ['rep', ['ab', 2.9], ['abab']],
    ['rep', ['x', -1], ['']],
    ['rep', ['x', 3, ','], ['xxx']],
  ]);
});

test('rep stays within memory', () => {
  assert.equal(errorOf('string.rep', 'x', 1e10), 'not enough memory');
  assert.equal(
    errorIn(() => libraryFunction('string.rep')('x', 1e6), { memoryBytes: 1e5 }),
    'not enough memory',
  );
  assert.deepEqual(call('string.rep', '', 1e18), ['']);
});

test('find gives positions and captures, and looks for plain text where nothing is special', () => {
  check([
    ['find', ['hello', 'l+'], [3, 4]],
    ['find', ['hello', '()ll()'], [3, 4, 3, 5]],
    ['find', ['a.b', '.', 1, true], [2, 2]],
    ['find', ['a.b', '.'], [1, 1]],
    ['find', ['abc', '', 10], [4, 3]],
    ['find', ['abc', 'c', 10], [undefined]],
    ['find', ['abc', 'b', -2], [2, 2]],
    ['find', ['x', ')'], [undefined]],
    ['find', ['a\0b', '\0'], [2, 2]],
    ['find', ['a\0b', '%z'], [2, 2]],
    ['find', ['key = value', '^(%w+)%s*=%s*(%w+)$'], [1, 11, 'key', 'value']],
  ]);
});

test('match gives captures, positions or the whole match', () => {
  check([
    ['match', ['2024-01-31', '(%d+)-(%d+)-(%d+)'], ['2024', '01', '31']],
    ['match', ['hello', 'l+'], ['ll']],
    ['match', ['abc', '()b()'], [2, 3]],
    ['match', ['abc', 'x'], [undefined]],
    ['match', ['abc', '', 10], ['']],
    ['match', ['f(a(b)c)d', '%b()'], ['(a(b)c)']],
    ['match', ['a-]b', '[]a-]+'], ['a-]']],
    ['match', ['x^', '[x^]+'], ['x^']],
    ['match', ['5-3', '[%d-]+'], ['5-3']],
    ['match', ['<a><b>', '<(.-)>'], ['a']],
    ['match', ['<a><b>', '<(.*)>'], ['a><b']],
    ['match', ['say "hi" now', '(["\'])(.-)%1'], ['"', 'hi']],
    ['match', ['\xc2\xa0x', '%s'], [undefined]],
    ['match', ['a{2}', 'a{2}'], ['a{2}']],
    ['match', ['x$', 'x$$'], ['x$']],
  ]);
});

test('gsub with strings, tables and functions', () => {
  check([
    ['gsub', ['abc', '(a)(b)(c)', '%3%2%1%0%%'], ['cbaabc%', 1]],
    ['gsub', ['abc', 'b', '$1$&\\1'], ['a$1$&\\1c', 1]],
    ['gsub', ['abc', '', '-'], ['-a-b-c-', 4]],
    ['gsub', ['abc', 'b*', '-'], ['-a--c-', 4]],
    ['gsub', ['aaa', 'a', 'b', 2], ['bba', 2]],
    ['gsub', ['aaa', '^a', 'b'], ['baa', 1]],
    ['gsub', ['abc', 'b', 7], ['a7c', 1]],
    ['gsub', ['abc', 'b', '%x%'], ['ax\0c', 1]],
    ['gsub', ['x', '(x', 'a'], ['a', 1]],
    ['gsub', ['THE (quick) fox', '%f[%a]%a+', libraryFunction('string.lower')], ['the (quick) fox', 3]],
    ['gsub', ['abc', '()', '%1'], ['1a2b3c4', 4]],
    ['gsub', ['abc', 'x', 'y', 0], ['abc', 0]],
  ]);
  const replacements = tableFromEntries([
    ['a', '1'],
    ['b', false],
  ]);
  assert.deepEqual(call('string.gsub', 'a b c', '%a', replacements), ['1 b c', 3]);
});

test('gsub stays within memory', () => {
  const grow = () => libraryFunction('string.gsub')('x'.repeat(10_000), '.', 'y'.repeat(10_000));
  assert.equal(errorIn(grow, { memoryBytes: 1e6 }), 'not enough memory');
});

test('gsub asks the __index of a replacement table', () => {
  const table = new LuaTable();
  const metatable = new LuaTable();
  rawSetString(metatable, '__index', (_table: LuaValue, key: LuaValue) => `<${String(key)}>`);
  setMetatable(table, metatable);
  assert.deepEqual(call('string.gsub', 'ab', '.', table), ['<a><b>', 2]);
});

test('a gsub callback may wait, at any match', async () => {
  let calls = 0;
  const sometimes = waiting((letter) => `[${String(letter)}]`);
  const callback = (letter: LuaValue) => (++calls % 2 === 0 ? sometimes(letter) : undefined);
  assert.deepEqual(await callWaiting('string.gsub', 'abcd', '.', callback), ['a[b]c[d]', 4]);
});

test('a gsub callback may use patterns itself', () => {
  const inner = libraryFunction('string.gsub');
  const match = libraryFunction('string.match');
  const callback = (a: LuaValue, b: LuaValue) => {
    inner('zzz', '(z)', 'y');
    return `${String(b)}${String(match(a, '.'))}`;
  };
  assert.deepEqual(call('string.gsub', 'ab cd', '(%a)(%a)', callback), ['ba dc', 2]);
});

test('gmatch goes through all matches; ^ is an ordinary byte', () => {
  const all = (text: string, pattern: string) =>
    run(() => {
      const found: LuaValue[] = [];
      const next = libraryFunction('string.gmatch')(text, pattern);
      if (typeof next !== 'function') throw new Error('no iterator');
      for (let value = next(); typeof value === 'string'; value = next()) found.push(value);
      return found.join('|');
    })[0];
  assert.equal(all('one two', '%a+'), 'one|two');
  assert.equal(all('abc', ''), '|||');
  assert.equal(all('hello', '^h'), '');
  assert.equal(all('^a a', '^a'), '^a');
});

const mistakes: readonly (readonly [string, string])[] = [
  ['[a', "malformed pattern (missing ']')"],
  ['[]', "malformed pattern (missing ']')"],
  ['[^]', "malformed pattern (missing ']')"],
  ['[%', "malformed pattern (missing ']')"],
  ['%', "malformed pattern (ends with '%')"],
  ['(', 'unfinished capture'],
  ['x)%a', 'invalid pattern capture'],
  ['%1', 'invalid capture index'],
  ['(%1)', 'invalid capture index'],
  ['%b', 'unbalanced pattern'],
  ['%bx', 'unbalanced pattern'],
  ['%f', "missing '[' after '%f' in pattern"],
  ['%fa', "missing '[' after '%f' in pattern"],
  ['()'.repeat(33), 'too many captures'],
];

test('a malformed pattern is an error once the matcher gets to the mistake', () => {
  for (const [pattern, message] of mistakes) assert.equal(errorOf('string.find', 'x', pattern), message, pattern);
  assert.deepEqual(call('string.find', 'x', 'a['), [undefined]);
  assert.equal(errorOf('string.gsub', 'x', 'x', '%2'), 'invalid capture index');
});

test('argument errors have the texts of Lua 5.1', () => {
  const cases: readonly (readonly [LuaValue, string])[] = [
    [errorOf('string.rep'), "bad argument #1 to '?' (string expected, got no value)"],
    [errorOf('string.rep', 'x'), "bad argument #2 to '?' (number expected, got no value)"],
    [errorOf('string.char', 256), "bad argument #1 to '?' (invalid value)"],
    [errorOf('string.char', 1, -1), "bad argument #2 to '?' (invalid value)"],
    [errorOf('string.char', 'x'), "bad argument #1 to '?' (number expected, got string)"],
    [errorOf('string.sub', 'x'), "bad argument #2 to '?' (number expected, got no value)"],
    [errorOf('string.gsub', 'x', 'x'), "bad argument #3 to '?' (string/function/table expected)"],
    [errorOf('string.gsub', 'x', 'x', true), "bad argument #3 to '?' (string/function/table expected)"],
    [errorOf('string.gsub', 'x', 'x', () => new LuaTable()), 'invalid replacement value (a table)'],
    [errorOf('string.dump', () => undefined), 'unable to dump given function'],
    [errorOf('string.upper', new LuaTable()), "bad argument #1 to '?' (string expected, got table)"],
  ];
  for (const [got, wanted] of cases) assert.equal(got, wanted);
});

test('a pathological pattern ends in a budget error instead of hanging', () => {
  const started = Date.now();
  const message = errorIn(() => libraryFunction('string.find')('a'.repeat(400), '.-.-.-.-b$'), { deadlineMs: 100 });
  assert.match(String(message), /deadline/);
  assert.ok(Date.now() - started < 2000);
  for (const pattern of ['(a*)*%1.-.-.-$x', '%b(a.-.-.-.-c', 'a*a*a*a*a*a*a*c', '(.-)(.-)(.-)(.-)%4%3%2%1x']) {
    const subject = pattern.startsWith('%b') ? '('.repeat(3000) : 'a'.repeat(3000);
    const outcome = () => libraryFunction('string.find')(subject, pattern);
    try {
      run(outcome, { deadlineMs: 100 });
    } catch (thrown) {
      assert.match(String((thrown as { message?: string }).message), /deadline/);
    }
  }
  assert.ok(Date.now() - started < 5000);
});

test('a very long pattern is refused rather than overflowing the stack', () => {
  assert.equal(errorOf('string.find', 'a'.repeat(10), 'a?'.repeat(100_000)), 'pattern too complex');
  assert.deepEqual(call('string.find', 'a'.repeat(50_000), `${'a'.repeat(50_000)}%d?`), [1, 50_000]);
});
