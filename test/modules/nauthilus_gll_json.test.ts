import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import fc from 'fast-check';
import {
  type Activation,
  entries,
  LuaTable,
  type LuaValue,
  rawGet,
  rawLength,
  rawSet,
  setMetatable,
  tableFromArray,
  tableFromEntries,
  waitFor,
} from '../../runtime/engine/api.ts';
import json from '../../runtime/modules/nauthilus_gll_json.ts';
import type { OpenedServices } from '../../runtime/services/index.ts';
import { Script, services } from './script.ts';

let opened: OpenedServices;
let script: Script;
let module: LuaTable;
before(async () => {
  opened = await services();
  script = new Script(opened, [json], { deadlineMs: 60_000 });
  module = await script.require('json', 'nauthilus_gll_json');
});
after(() => opened.close());

const call = (name: string, ...args: LuaValue[]) => script.call(module, name, ...args);
const bytesOf = (text: string): string => Buffer.from(text, 'utf8').toString('latin1');

/** What JavaScript makes of a JSON text, as Lua has it: null members and elements are missing, -0 stays. */
function plain(value: LuaValue): unknown {
  if (typeof value === 'string') return Buffer.from(value, 'latin1').toString('utf8');
  if (!(value instanceof LuaTable)) return value;
  const members = [...entries(value)];
  if (members.every(([key]) => typeof key === 'number')) return members.map(([, each]) => plain(each));
  return new Map(members.map(([key, each]) => [plain(key), plain(each)]));
}

function withoutNull(value: unknown): unknown {
  if (Array.isArray(value)) return value.filter((each) => each !== null).map(withoutNull);
  if (typeof value !== 'object' || value === null) return value ?? undefined;
  const members = Object.entries(value).filter(([, each]) => each !== null);
  return members.length === 0 ? [] : new Map(members.map(([key, each]) => [key, withoutNull(each)]));
}

describe('decode', () => {
  test('agrees with JSON.parse on everything that is JSON', async () => {
    await fc.assert(
      fc.asyncProperty(fc.json(), async (text) => {
        const [value, message] = await call('decode', bytesOf(text));
        assert.equal(message, undefined);
        const sorted = (each: unknown): unknown =>
          each instanceof Map
            ? [...each].map(([k, v]) => [k, sorted(v)]).sort()
            : Array.isArray(each)
              ? each.map(sorted)
              : each;
        assert.deepEqual(sorted(plain(value)), sorted(withoutNull(JSON.parse(text))));
      }),
      { numRuns: 200 },
    );
  });

  test('refuses exactly what JSON.parse refuses', async () => {
    const token = fc.constantFrom(
      '{',
      '}',
      '[',
      ']',
      ',',
      ':',
      '"a"',
      '1',
      '-',
      '.',
      'e5',
      'null',
      'tru',
      ' ',
      '\\',
      '"',
    );
    await fc.assert(
      fc.asyncProperty(fc.array(token, { maxLength: 6 }), async (tokens) => {
        const text = tokens.join('');
        let isValid = true;
        try {
          JSON.parse(text);
        } catch {
          isValid = false;
        }
        const [, message] = await call('decode', text);
        assert.equal(message === undefined, isValid, `${text}: ${message}`);
      }),
      { numRuns: 500 },
    );
  });

  const broken: readonly [string, string][] = [
    ['', 'unexpected end of JSON input'],
    ['[1,]', "invalid character ']' looking for beginning of value"],
    ['{"a" 1}', "invalid character '1' after object key"],
    ['[1 2]', "invalid character '2' after array element"],
    ['01', "invalid character '1' after top-level value"],
    ['1.', "invalid character ' ' after decimal point in numeric literal"],
    ['"\\x"', "invalid character 'x' in string escape code"],
    ['"a\nb"', "invalid character '\\n' in string literal"],
    ['1e400', 'json: cannot unmarshal number 1e400 into Go value of type float64'],
    ['[1e400,}', "invalid character '}' looking for beginning of value"],
    ['['.repeat(10_001), "invalid character '[' exceeded max depth"],
  ];
  for (const [text, message] of broken) {
    test(`${text.slice(0, 12)} is refused: ${message}`, async () => {
      assert.deepEqual(await call('decode', text), [undefined, message]);
    });
  }

  test('ten thousand levels are decoded and encoded without overflow', async () => {
    const text = '['.repeat(10_000) + ']'.repeat(10_000);
    const [value] = await call('decode', text);
    assert.deepEqual(await call('encode', value), [text]);
  });

  test('a key like __proto__ is an ordinary key', async () => {
    const [value] = await call('decode', '{"__proto__":{"x":1},"constructor":2}');
    assert.ok(value instanceof LuaTable);
    assert.ok(rawGet(value, '__proto__') instanceof LuaTable);
    assert.deepEqual(await call('encode', value), ['{"__proto__":{"x":1},"constructor":2}']);
  });
});

describe('encode', () => {
  const encoded: readonly [string, () => LuaValue, string][] = [
    ['nil', () => undefined, 'null'],
    ['negative zero', () => -0, '-0'],
    ['a large number', () => 1e21, '1e+21'],
    ['an empty table', () => new LuaTable(), '[]'],
    [
      'sorted keys',
      () =>
        tableFromEntries([
          ['b', 1],
          ['a', true],
          ['A', 'x'],
        ]),
      '{"A":"x","a":true,"b":1}',
    ],
    ['HTML characters', () => '<&>', '"\\u003c\\u0026\\u003e"'],
    ['broken UTF-8', () => 'a\xff', '"a\\ufffd"'],
    ['line separators', () => '\xe2\x80\xa8', '"\\u2028"'],
  ];
  for (const [what, make, expected] of encoded) {
    test(`${what} is written as ${expected}`, async () => {
      assert.deepEqual(await call('encode', make()), [expected]);
    });
  }

  test('decoding gives back what was encoded', async () => {
    await fc.assert(
      fc.asyncProperty(fc.json(), async (text) => {
        const [first] = await call('decode', bytesOf(text));
        const [once] = await call('encode', first);
        const [second] = await call('decode', once);
        assert.deepEqual(await call('encode', second), [once]);
      }),
      { numRuns: 100 },
    );
  });

  test('what JSON cannot say is nil and a text', async () => {
    const cycle = new LuaTable();
    rawSet(cycle, 'self', cycle);
    const cases: readonly [LuaValue, RegExp][] = [
      [() => 1, /cannot encode function to JSON$/],
      [Number.NaN, /unsupported value: NaN$/],
      [Number.NEGATIVE_INFINITY, /unsupported value: -Inf$/],
      [cycle, /cannot encode recursively nested tables to JSON$/],
      [tableFromEntries([[2, 'x']]), /cannot encode sparse array$/],
      [
        tableFromEntries([
          [1, 'x'],
          ['a', 1],
        ]),
        /cannot encode mixed or invalid key types$/,
      ],
      [tableFromEntries([[true, 'x']]), /cannot encode mixed or invalid key types$/],
    ];
    for (const [value, message] of cases) {
      const [text, reason] = await call('encode', value);
      assert.equal(text, undefined);
      assert.match(String(reason), message);
    }
  });

  test('a table that occurs twice is written twice', async () => {
    const shared = tableFromArray([1]);
    assert.deepEqual(await call('encode', tableFromArray([shared, shared])), ['[[1],[1]]']);
  });

  test('tableIsObject and decoded objects stay objects when empty', async () => {
    const table = new LuaTable();
    assert.deepEqual(await call('tableIsObject', table), []);
    assert.deepEqual(await call('encode', table), ['{}']);
    const [decoded] = await call('decode', '{}');
    assert.deepEqual(await call('encode', decoded), ['{}']);
  });
});

describe('streams', () => {
  /** A table with a read function that gives the chunks, waiting for the host or not. */
  function reader(chunks: readonly string[], waits: boolean): LuaTable {
    const left = [...chunks];
    const next = (): LuaValue => left.shift();
    function* later(): Activation {
      return yield* waitFor(Promise.resolve().then(next));
    }
    return tableFromEntries([['read', waits ? later : next]]);
  }

  for (const waits of [false, true]) {
    test(`a decoder reads values across chunks when reading ${waits ? 'waits' : 'does not wait'}`, async () => {
      const [decoder] = await call('new_decoder', reader(['{"a":', '[1,2', ',3]} ', '"x" 4', '2', ' tru'], waits));
      const next = () => script.method(decoder, 'decode');
      const [object] = await next();
      assert.ok(object instanceof LuaTable && rawLength(rawGet(object, 'a') as LuaTable) === 3);
      assert.deepEqual(await next(), ['x']);
      assert.deepEqual(await next(), [42]);
      assert.deepEqual(await script.method(decoder, 'input_offset'), [20]);
      assert.deepEqual(await script.method(decoder, 'more'), [true]);
      assert.deepEqual(await next(), [undefined, 'unexpected EOF']);
      assert.deepEqual(await next(), [undefined, 'unexpected EOF']);
    });
  }

  test('the end of the input is nil and EOF', async () => {
    const [decoder] = await call('new_decoder', reader([' 1 ', ' '], false));
    assert.deepEqual(await script.method(decoder, 'decode'), [1]);
    assert.deepEqual(await script.method(decoder, 'more'), [false]);
    assert.deepEqual(await script.method(decoder, 'decode'), [undefined, 'EOF']);
  });

  test('an encoder writes lines, indented if asked for', async () => {
    const written: LuaValue[] = [];
    const target = new LuaTable();
    const write = (_: LuaValue, bytes: LuaValue): undefined => {
      written.push(bytes);
    };
    setMetatable(target, tableFromEntries([['__index', tableFromEntries([['write', write]])]]));
    const [encoder] = await call('new_encoder', target);
    assert.deepEqual(await script.method(encoder, 'encode', tableFromArray(['<'])), []);
    await script.method(encoder, 'set_escape_HTML', false);
    await script.method(encoder, 'set_indent', '>', '-');
    await script.method(encoder, 'encode', tableFromEntries([['a', tableFromArray(['<'])]]));
    assert.match(String((await script.method(encoder, 'encode', () => 1))[0]), /cannot encode function/);
    assert.deepEqual(written, ['["\\u003c"]\n', '{\n>-"a": [\n>--"<"\n>-]\n>}\n']);
  });

  test('what has no read or write is no reader or writer', async () => {
    await assert.rejects(call('new_decoder', 'text'), /expected reader/);
    await assert.rejects(call('new_encoder', new LuaTable()), /expected writer/);
  });
});
