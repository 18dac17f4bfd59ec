import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import fc from 'fast-check';
import { LuaTable, type LuaValue, rawGet, rawLength } from '../../runtime/engine/api.ts';
import strings from '../../runtime/modules/nauthilus_gll_strings.ts';
import type { OpenedServices } from '../../runtime/services/index.ts';
import { Script, services } from './script.ts';

let opened: OpenedServices;
let script: Script;
let module: LuaTable;
before(async () => {
  opened = await services();
  script = new Script(opened, [strings], { deadlineMs: 60_000 });
  module = await script.require('strings', 'nauthilus_gll_strings');
});
after(() => opened.close());

async function call(name: string, ...args: LuaValue[]): Promise<unknown> {
  const [value] = await script.call(module, name, ...args);
  if (!(value instanceof LuaTable)) return value;
  return Array.from({ length: rawLength(value) }, (_, at) => rawGet(value, at + 1));
}

const CASES: readonly [string, readonly LuaValue[], unknown][] = [
  ['split', ['a,b,,c', ','], ['a', 'b', '', 'c']],
  ['split', ['', ','], ['']],
  ['split', ['', ''], []],
  ['split', ['a\xc3\xa9\xff', ''], ['a', '\xc3\xa9', '\xff']],
  ['split', ['a.b', '.'], ['a', 'b']],
  ['fields', [' a\t b\xc2\xa0c\xe2\x80\xa8d '], ['a', 'b', 'c', 'd']],
  ['fields', [''], []],
  ['trim', ['xxhixx', 'x'], 'hi'],
  ['trim', ['\xc3\xa9a\xc3\xa9', '\xc3\xa9'], 'a'],
  ['trim', ['abc', ''], 'abc'],
  ['trim_space', ['\t x \xc2\xa0'], 'x'],
  ['trim_space', [' \xe3\x80\x80 '], ''],
  ['trim_prefix', ['aab', 'a'], 'ab'],
  ['trim_suffix', ['baa', 'a'], 'ba'],
  ['trim_suffix', ['abc', ''], 'abc'],
  ['contains', ['abc', ''], true],
  ['has_prefix', ['abc', 'b'], false],
  ['has_suffix', ['abc', 'bc'], true],
];
for (const [name, args, expected] of CASES) {
  test(`${name}(${args.map((each) => JSON.stringify(each)).join(', ')}) is ${JSON.stringify(expected)}`, async () => {
    assert.deepEqual(await call(name, ...args), expected);
  });
}

test('split undoes a join', async () => {
  const part = fc.string().map((each) => each.replaceAll(';', '').replaceAll(/[^ -~]/g, ''));
  await fc.assert(
    fc.asyncProperty(fc.array(part, { minLength: 1 }), async (parts) => {
      assert.deepEqual(await call('split', parts.join(';'), ';'), parts);
    }),
    { numRuns: 50 },
  );
});

test('trimming a long run of blanks takes linear time', async () => {
  const started = performance.now();
  assert.equal(await call('trim_space', `x${' '.repeat(100_000)}y`), `x${' '.repeat(100_000)}y`);
  assert.equal(await call('trim_space', `x${' '.repeat(100_000)}`), 'x');
  assert.ok(performance.now() - started < 1000);
});

describe('readers and builders', () => {
  const reader = async (text: string): Promise<LuaValue> => (await script.call(module, 'new_reader', text))[0];
  const read = async (from: LuaValue, ...format: LuaValue[]) => (await script.method(from, 'read', ...format))[0];

  test('a reader gives bytes, lines, numbers and the rest', async () => {
    const from = await reader('ab\r\n 12 -3.5e1 rest\nx\xff');
    assert.equal(await read(from, 1), 'a');
    assert.equal(await read(from), 'b\r');
    assert.equal(await read(from, '*n'), 12);
    assert.equal(await read(from, '*number'), -35);
    assert.equal(await read(from, '*l'), ' rest');
    assert.equal(await read(from, '*l'), 'x\xef\xbf\xbd');
    assert.equal(await read(from, '*l'), undefined);
    assert.equal(await read(from, '*a'), '');
    assert.equal(await read(from, '*n'), 0);
  });

  test('what is no number or no format is an error', async () => {
    await assert.rejects(read(await reader('abc'), '*n'), /strconv.ParseFloat: parsing "": invalid syntax/);
    await assert.rejects(read(await reader('abc'), 'l'), /unknown fmt string/);
    await assert.rejects(read(await reader('abc'), true), /unknown fmt string/);
  });

  test('a builder collects, and writes nothing when an argument is wrong', async () => {
    const [builder] = await script.call(module, 'new_builder');
    assert.deepEqual(await script.method(builder, 'write', 'a', 1, 2.5), []);
    await assert.rejects(script.method(builder, 'write', 'x', new LuaTable()), /string expected, got table/);
    assert.deepEqual(await script.method(builder, 'close'), []);
    await script.method(builder, 'write', '!');
    assert.deepEqual(await script.method(builder, 'string'), ['a12.5!']);
  });

  test('methods refuse other values', async () => {
    const from = await reader('x');
    const [builder] = await script.call(module, 'new_builder');
    await assert.rejects(script.call(from, 'read', 5), /userdata expected, got number/);
    await assert.rejects(script.call(from, 'read', builder), /strings.Reader expected/);
  });

  test('a changed method table is that of its environment only', async () => {
    const other = new Script(opened, [strings]);
    const theirs = await other.require('strings');
    assert.notEqual(rawGet(theirs, 'Reader'), rawGet(module, 'Reader'));
  });
});
