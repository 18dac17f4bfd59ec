import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import fc from 'fast-check';
import { parse } from 'yaml';
import {
  entries,
  LuaTable,
  type LuaValue,
  rawSet,
  tableFromArray,
  tableFromEntries,
} from '../../runtime/engine/api.ts';
import yaml from '../../runtime/modules/nauthilus_gll_yaml.ts';
import type { OpenedServices } from '../../runtime/services/index.ts';
import { Script, services } from './script.ts';

let opened: OpenedServices;
let script: Script;
let module: LuaTable;
before(async () => {
  opened = await services();
  script = new Script(opened, [yaml], { deadlineMs: 120_000 });
  module = await script.require('yaml', 'nauthilus_gll_yaml');
});
after(() => opened.close());

const call = (name: string, ...args: LuaValue[]) => script.call(module, name, ...args);
const bytesOf = (text: string): string => Buffer.from(text, 'utf8').toString('latin1');

function toLua(value: unknown): LuaValue {
  if (Array.isArray(value)) return tableFromArray(value.map(toLua));
  if (typeof value === 'object' && value !== null) {
    return tableFromEntries(Object.entries(value).map(([key, each]) => [bytesOf(key), toLua(each)]));
  }
  return typeof value === 'string' ? bytesOf(value) : (value as LuaValue);
}

function plain(value: LuaValue): unknown {
  if (typeof value === 'string') return Buffer.from(value, 'latin1').toString('utf8');
  if (!(value instanceof LuaTable)) return value;
  const members = [...entries(value)];
  if (members.every(([key]) => typeof key === 'number')) return members.map(([, each]) => plain(each));
  return Object.fromEntries(members.map(([key, each]) => [String(plain(key)), plain(each)]));
}

/** Texts, numbers and booleans in lists and maps that are not empty. */
const { tree } = fc.letrec((tie) => ({
  tree: fc.oneof({ maxDepth: 3 }, tie('text'), fc.integer(), fc.boolean(), tie('list'), tie('map')),
  text: fc.oneof(
    // The other implementation takes e0 for a number.
    fc.string({ unit: 'grapheme' }).filter((text) => !/e[0-9]/i.test(text)),
    fc.constantFrom(
      'yes',
      'null',
      '1:30',
      '2001-01-01',
      '- x',
      'a: b',
      ' lead',
      'trail ',
      'a\nb',
      'a\n',
      '\n',
      '#',
      '0x1f',
    ),
    fc.lorem({ maxCount: 30 }),
  ),
  list: fc.array(tie('tree'), { minLength: 1, maxLength: 4 }),
  map: fc.dictionary(fc.stringMatching(/^k[a-z0-9_ ]{0,8}$/), tie('tree'), { minKeys: 1, maxKeys: 4 }),
}));

test('decoding gives back what was encoded, here and in another implementation', async () => {
  await fc.assert(
    fc.asyncProperty(tree, async (value) => {
      const [text] = await call('encode', toLua(value));
      const [back, message] = await call('decode', text);
      assert.deepEqual([plain(back), message], [plain(toLua(value)), undefined], String(text));
      const other: unknown = parse(Buffer.from(String(text), 'latin1').toString('utf8'), { version: '1.1' });
      assert.deepEqual(other, plain(toLua(value)), String(text));
    }),
    { numRuns: 300 },
  );
});

describe('decode', () => {
  const cases: readonly [string, unknown][] = [
    ['a: [1, null, 3]\nb: ~\n', { a: [1, 3] }],
    ['yes', true],
    ['010', 8],
    ['0o10', 8],
    ['1_000', 1000],
    ['1:30', '1:30'],
    ['2001-12-14', '2001-12-14'],
    ['18446744073709551615', undefined],
    ['x: &a {k: v}\nz: *a\n', { x: { k: 'v' }, z: { k: 'v' } }],
    ['a: &a {k: 1, l: 2}\nb: {<<: *a, k: 3}\n', { a: { k: 1, l: 2 }, b: { k: 3, l: 2 } }],
    ['!!binary aGVsbG8=', 'hello'],
    ['a: 1\n---\nb: 2\n', { a: 1 }],
    ['', undefined],
  ];
  for (const [text, expected] of cases) {
    test(JSON.stringify(text), async () => {
      const [value, message] = await call('decode', text);
      assert.deepEqual([plain(value), message], [expected, undefined]);
    });
  }

  const broken: readonly [string, string][] = [
    ['[1, 2', "yaml: line 1: did not find expected ',' or ']'"],
    ['a: b: c', 'yaml: mapping values are not allowed in this context'],
    ['a:\n\t- b', 'yaml: line 2: found character that cannot start any token'],
    ['*x', "yaml: unknown anchor 'x' referenced"],
    ['!!int x', 'yaml: cannot decode !!str `x` as a !!int'],
    ['a: \xff', 'yaml: invalid leading UTF-8 octet'],
  ];
  for (const [text, message] of broken) {
    test(`${JSON.stringify(text)} is nil and a text`, async () => {
      assert.deepEqual(await call('decode', text), [undefined, message]);
    });
  }

  test('whatever is decoded, there is a result or a text', async () => {
    const token = fc.constantFrom(
      'a',
      ': ',
      '- ',
      '\n',
      '  ',
      '[',
      ']',
      '{',
      '}',
      ', ',
      '"',
      "'",
      '|',
      '&x ',
      '*x',
      '#',
      '!',
      '%',
    );
    await fc.assert(
      fc.asyncProperty(fc.array(token, { maxLength: 10 }), async (tokens) => {
        const [value, message] = await call('decode', tokens.join(''));
        assert.ok(message === undefined || (value === undefined && String(message).startsWith('yaml: ')));
      }),
      { numRuns: 500 },
    );
  });

  test('aliases of aliases of aliases end in an error', async () => {
    const levels = Array.from({ length: 12 }, (_, at) => `l${at + 1}: &l${at + 1} [${`*l${at}, `.repeat(9)}*l${at}]`);
    const [value, message] = await call('decode', `l0: &l0 [x, x]\n${levels.join('\n')}\n`);
    assert.deepEqual([value, message], [undefined, 'yaml: document contains excessive aliasing']);
  });
});

describe('encode', () => {
  test('functions and cycles are nil and a text', async () => {
    const loop = new LuaTable();
    rawSet(loop, 'self', loop);
    const cases: readonly [LuaValue, RegExp][] = [
      [tableFromArray([() => 1]), /cannot encode values with function in them/],
      [loop, /nested table table: 0x/],
    ];
    for (const [value, message] of cases) {
      const [text, reason] = await call('encode', value);
      assert.equal(text, undefined);
      assert.match(String(reason), message);
    }
  });

  test('keys are sorted with numbers by their value', async () => {
    const keys = ['a10', 'a9', 'a', 'Z', '_x', 'ab'];
    const [text] = await call('encode', tableFromEntries(keys.map((key) => [key, 1])));
    assert.deepEqual(String(text).match(/^\w+/gm), ['_x', 'Z', 'a', 'a9', 'a10', 'ab']);
  });
});

describe('streams', () => {
  test('documents are separated, and read one after the other', async () => {
    let written = '';
    const write = (_: LuaValue, text: LuaValue): undefined => {
      written += String(text);
    };
    const [encoder] = await call('new_encoder', tableFromEntries([['write', write]]));
    for (const value of [tableFromEntries([['a', 1]]), tableFromArray([2]), 'x']) {
      assert.deepEqual(await script.method(encoder, 'encode', value), []);
    }
    assert.equal(written, 'a: 1\n---\n- 2\n--- x\n');
    const chunks = [written.slice(0, 7), written.slice(7)];
    const read = (): LuaValue => chunks.shift();
    const [decoder] = await call('new_decoder', tableFromEntries([['read', read]]));
    const decoded: unknown[] = [];
    for (let at = 0; at < 3; at++) decoded.push(plain((await script.method(decoder, 'decode'))[0]));
    assert.deepEqual(decoded, [{ a: 1 }, [2], 'x']);
    assert.deepEqual(await script.method(decoder, 'decode'), [undefined, 'EOF']);
  });
});
