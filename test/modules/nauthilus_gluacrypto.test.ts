import assert from 'node:assert/strict';
import { createCipheriv } from 'node:crypto';
import { after, before, test } from 'node:test';
import fc from 'fast-check';
import { LuaTable, type LuaValue } from '../../runtime/engine/api.ts';
import gllCrypto from '../../runtime/modules/nauthilus_gll_crypto.ts';
import crypto from '../../runtime/modules/nauthilus_gluacrypto.ts';
import type { OpenedServices } from '../../runtime/services/index.ts';
import { Script, services } from './script.ts';

let opened: OpenedServices;
let script: Script;
let module: LuaTable;
before(async () => {
  opened = await services();
  script = new Script(opened, [gllCrypto, crypto], { deadlineMs: 60_000 });
  module = await script.require('crypto', 'nauthilus_gluacrypto');
});
after(() => opened.close());

const call = (name: string, ...args: LuaValue[]) => script.call(module, name, ...args);

test('hashes are hexadecimal, or bytes when asked for', async () => {
  assert.deepEqual(await call('md5', 'abc'), ['900150983cd24fb0d6963f7d28e17f72']);
  assert.deepEqual(await call('crc32', 'abc'), ['352441c2']);
  assert.deepEqual(await call('crc32', 'abc', 0), ['\x35\x24\x41\xc2']);
});

test('what is no text counts as an empty one', async () => {
  const [empty] = await call('sha1', '');
  for (const value of [undefined, true, new LuaTable()]) assert.deepEqual(await call('sha1', value), [empty]);
  assert.deepEqual(await call('sha1'), [empty]);
});

test('hmac takes the data before the key and refuses other algorithms', async () => {
  assert.deepEqual(await call('hmac', 'md5', 'd', 'k'), ['7f330edb3a84f317f7ca433d6038ff9a']);
  assert.deepEqual(await call('hmac', 'MD5', 'd', 'k'), [undefined, 'unsupported algorithm']);
});

test('deciphering gives back what was enciphered', async () => {
  const bytes = fc.uint8Array().map((each) => Buffer.from(each).toString('latin1'));
  const method = fc.constantFrom(['aes-cbc', 'k'.repeat(32), '1234567890123456'], ['des-cbc', 'key12345', '12345678']);
  await fc.assert(
    fc.asyncProperty(bytes, method, fc.constantFrom(0, 1), async (plain, [name, key, iv], options) => {
      const [data] = await call('encrypt', plain, name, key, options, iv);
      assert.deepEqual(await call('decrypt', data, name, key, options, iv), [plain]);
    }),
    { numRuns: 50 },
  );
});

test('aes-cbc is the one of everybody else', async () => {
  const [key, iv] = ['key1234567890123', '1234567890123456'];
  const cipher = createCipheriv('aes-128-cbc', key, iv);
  const expected = Buffer.concat([cipher.update('hello'), cipher.final()]).toString('hex');
  assert.deepEqual(await call('encrypt', 'hello', 'aes-cbc', key, 0, iv), [expected]);
});

test('wrong keys, methods and data are nil and a text, a wrong IV raises', async () => {
  assert.deepEqual(await call('encrypt', 'x', 'rot13', 'k'), [undefined, 'unsupported encrypt method']);
  assert.deepEqual(await call('encrypt', 'x', 'aes-cbc', 'short'), [undefined, 'crypto/aes: invalid key size 5']);
  assert.deepEqual(await call('decrypt', 'zz', 'des-ecb', 'key12345'), [
    undefined,
    "encoding/hex: invalid byte: U+007A 'z'",
  ]);
  await assert.rejects(call('encrypt', 'x', 'aes-cbc', 'k'.repeat(16), 0, 'short'), /IV length must equal block size/);
  await assert.rejects(call('decrypt', '', 'aes-cbc', 'k'.repeat(16), 0, 'k'.repeat(16)), /index out of range/);
});

test('of the two modules called crypto the one loaded last wins', async () => {
  const other = new Script(opened, [gllCrypto, crypto]);
  await other.run(other.global('dynamic_loader'), 'nauthilus_gluacrypto');
  const narrow = await other.require('crypto', 'nauthilus_gll_crypto');
  assert.deepEqual(await other.call(narrow, 'md5', 'abc'), ['900150983cd24fb0d6963f7d28e17f72']);
  await assert.rejects(other.call(narrow, 'md5', undefined), /string expected, got nil/);
  assert.equal(narrow.$h.sha512, undefined);
});
