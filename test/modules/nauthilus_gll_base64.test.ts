import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import fc from 'fast-check';
import { type LuaTable, type LuaValue, rawGet, tableFromEntries } from '../../runtime/engine/api.ts';
import { STANDARD_ENCODINGS } from '../../runtime/modules/gll-base64/encoding.ts';
import base64 from '../../runtime/modules/nauthilus_gll_base64.ts';
import strings from '../../runtime/modules/nauthilus_gll_strings.ts';
import type { OpenedServices } from '../../runtime/services/index.ts';
import { Script, services } from './script.ts';

let opened: OpenedServices;
let script: Script;
let module: LuaTable;
before(async () => {
  opened = await services();
  script = new Script(opened, [base64, strings], { deadlineMs: 60_000 });
  module = await script.require('base64', 'nauthilus_gll_base64');
});
after(() => opened.close());

const bytes = fc.uint8Array().map((each) => Buffer.from(each).toString('latin1'));

for (const [name, encoding] of Object.entries(STANDARD_ENCODINGS)) {
  test(`${name} decodes what it encodes, line ends in between or not`, () => {
    fc.assert(
      fc.property(bytes, (plain) => {
        const text = encoding.encode(plain);
        assert.equal(encoding.decode(text), plain);
        assert.equal(encoding.decode(text.replace(/(.{3})/g, '$1\r\n')), plain);
      }),
    );
  });
}

test('the standard encoding agrees with Buffer', () => {
  fc.assert(
    fc.property(bytes, (plain) => {
      assert.equal(STANDARD_ENCODINGS.StdEncoding?.encode(plain), Buffer.from(plain, 'latin1').toString('base64'));
    }),
  );
});

test('an encoding of its own alphabet is used for both directions', async () => {
  const alphabet = './ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';
  const [encoding] = await script.call(module, 'new_encoding', alphabet);
  assert.deepEqual(await script.method(encoding, 'encode_to_string', 'hello'), ['YETqZE6=']);
  assert.deepEqual(await script.method(encoding, 'decode_string', 'YETqZE6='), ['hello']);
  await assert.rejects(script.call(module, 'new_encoding', 'abc'), /encoder must have 64 characters/);
  await assert.rejects(script.call(module, 'new_encoding', 'a'.repeat(64)), /duplicate symbols/);
});

test('a writer encodes on the way and a reader decodes on the way', async () => {
  const written: string[] = [];
  const write = (_: LuaValue, text: LuaValue): undefined => {
    written.push(String(text));
  };
  const encoding = rawGet(module, 'StdEncoding');
  const [encoder] = await script.call(module, 'new_encoder', encoding, tableFromEntries([['write', write]]));
  for (const part of ['he', 'llo wor', 'ld']) await script.method(encoder, 'write', part);
  await script.method(encoder, 'close');
  const text = written.join('');
  assert.equal(text, Buffer.from('hello world').toString('base64'));

  const chunks = [text.slice(0, 5), '\n', text.slice(5)];
  const read = (): LuaValue => chunks.shift();
  const [decoder] = await script.call(module, 'new_decoder', encoding, tableFromEntries([['read', read]]));
  assert.deepEqual(await script.method(decoder, 'read', '*a'), ['hello world']);
});

test('broken input is nil and a text, in a stream an error', async () => {
  const encoding = rawGet(module, 'StdEncoding');
  assert.deepEqual(await script.method(encoding, 'decode_string', 'Zm9v!'), [
    undefined,
    'illegal base64 data at input byte 4',
  ]);
  const [source] = await script.call(await script.require('strings'), 'new_reader', 'Zg');
  const [decoder] = await script.call(module, 'new_decoder', encoding, source);
  await assert.rejects(script.method(decoder, 'read', '*a'), /unexpected EOF/);
});
