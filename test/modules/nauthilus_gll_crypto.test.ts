import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { LuaTable } from '../../runtime/engine/api.ts';
import crypto from '../../runtime/modules/nauthilus_gll_crypto.ts';
import type { OpenedServices } from '../../runtime/services/index.ts';
import { Script, services } from './script.ts';

let opened: OpenedServices;
let script: Script;
let module: LuaTable;
before(async () => {
  opened = await services();
  script = new Script(opened, [crypto]);
  module = await script.require('crypto', 'nauthilus_gll_crypto');
});
after(() => opened.close());

test('md5 and sha256 are hexadecimal', async () => {
  assert.deepEqual(await script.call(module, 'md5', '1\n'), ['b026324c6904b2a9cb4b88d6d61c81d1']);
  assert.deepEqual(await script.call(module, 'sha256', '1\n'), [
    '4355a46b19d348dc2f57c046f8ef63d4538ebb936000f3c9ee954a27460dd865',
  ]);
});

test('numbers are texts, other types are refused', async () => {
  assert.deepEqual(await script.call(module, 'md5', 12), await script.call(module, 'md5', '12'));
  await assert.rejects(script.call(module, 'md5', undefined), /string expected, got nil/);
});
