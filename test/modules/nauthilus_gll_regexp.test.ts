import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import fc from 'fast-check';
import { entries, LuaTable, type LuaValue } from '../../runtime/engine/api.ts';
import regexp from '../../runtime/modules/nauthilus_gll_regexp.ts';
import type { OpenedServices } from '../../runtime/services/index.ts';
import { Script, services } from './script.ts';

let opened: OpenedServices;
let script: Script;
let module: LuaTable;
before(async () => {
  opened = await services();
  script = new Script(opened, [regexp], { deadlineMs: 60_000 });
  module = await script.require('regexp', 'nauthilus_gll_regexp');
});
after(() => opened.close());

const call = (name: string, ...args: LuaValue[]) => script.call(module, name, ...args);

function lists(value: LuaValue): unknown {
  return value instanceof LuaTable ? [...entries(value)].map(([, each]) => lists(each)) : value;
}

test('a compiled pattern matches and finds groups, also empty ones', async () => {
  const [pattern] = await call('compile', '(a)?(b)');
  assert.deepEqual(await script.method(pattern, 'match', 'xb'), [true]);
  assert.deepEqual(await script.method(pattern, 'match', 'x'), [false]);
  const [found] = await script.method(pattern, 'find_all_string_submatch', 'ab b');
  assert.deepEqual(lists(found), [
    ['ab', 'a', 'b'],
    ['b', '', 'b'],
  ]);
});

test('matches are bytes, whatever is in between', async () => {
  const [found] = await call('find_all_string_submatch', 'a(.)b', 'a\xffb a\xc3\xa9b');
  assert.deepEqual(lists(found), [
    ['a\xffb', '\xff'],
    ['a\xc3\xa9b', '\xc3\xa9'],
  ]);
});

test('an empty match behind another match does not count', async () => {
  const [found] = await call('find_all_string_submatch', 'a*', 'baac');
  assert.deepEqual(lists(found), [[''], ['aa'], ['']]);
});

test('on simple patterns the matches are those of JavaScript', async () => {
  const piece = fc.constantFrom('a', 'b', '[ab]', 'a+', 'b+?', '(a|b)', '.', 'ab?');
  await fc.assert(
    fc.asyncProperty(
      fc.array(piece, { minLength: 1, maxLength: 4 }).map((all) => all.join('')),
      fc.string({ unit: fc.constantFrom('a', 'b', 'c'), maxLength: 12 }),
      async (pattern, text) => {
        const expected = [...text.matchAll(new RegExp(pattern, 'g'))].map((each) => each[0]);
        const [found] = await call('find_all_string_submatch', pattern, text);
        assert.deepEqual(
          (lists(found) as string[][]).map(([whole]) => whole),
          expected,
          `${pattern} on ${text}`,
        );
      },
    ),
    { numRuns: 200 },
  );
});

describe('a broken pattern is nil and the text of Go', () => {
  const broken: readonly [string, string][] = [
    ['a(', 'missing closing ): `a(`'],
    ['(?<=x)y', 'invalid named capture: `(?<=x)y`'],
    ['\\', 'trailing backslash at end of expression: ``'],
    ['a\xff', 'invalid UTF-8: `\xff`'],
    ['a{1001}', 'invalid repeat count: `{1001}`'],
  ];
  for (const [pattern, message] of broken) {
    test(JSON.stringify(pattern), async () => {
      for (const args of [
        ['compile', pattern],
        ['match', pattern, 'x'],
        ['find_all_string_submatch', pattern, 'x'],
      ]) {
        assert.deepEqual(await call(...(args as [string])), [undefined, `error parsing regexp: ${message}`]);
      }
    });
  }
});

test('two groups may have the same name', async () => {
  const [found] = await call('find_all_string_submatch', '(?P<n>a)(?<n>[(?P<n>])', 'a(');
  assert.deepEqual(lists(found), [['a(', 'a', '(']]);
});

test('a pattern that takes backtracking matchers for ever takes linear time', async () => {
  const started = performance.now();
  assert.deepEqual(await call('match', '(x+x+)+y', 'x'.repeat(20_000)), [false]);
  assert.ok(performance.now() - started < 2000);
});
