/** Connection targets, as scripts register and read them. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { LuaTable, type LuaValue } from '../../runtime/engine/api.ts';
import psnet from '../../runtime/modules/nauthilus_psnet.ts';
import type { OpenedServices } from '../../runtime/services/index.ts';
import { Script, services } from './script.ts';

let opened: OpenedServices;
let script: Script;
let module: LuaTable;

before(async () => {
  opened = await services();
  script = new Script(opened, [psnet], { scriptClass: 'init' });
  module = await script.require('nauthilus_psnet', 'nauthilus_psnet');
});
after(() => opened.close());

const register = (...args: LuaValue[]) => script.call(module, 'register_connection_target', ...args);
const count = (...args: LuaValue[]) => script.call(module, 'get_connection_target', ...args);

test('a registered target has a count, others are a text', async () => {
  assert.deepEqual(await count('127.0.0.1:993'), [undefined, 'Target not registered']);
  assert.deepEqual(await register('127.0.0.1:993', 'remote', 'IMAP'), []);
  assert.deepEqual(await count('127.0.0.1:993'), [0]);
});

test('direction and description may be missing: it is the remote end', async () => {
  assert.deepEqual(await register('127.0.0.1:995'), []);
  await register('127.0.0.1:995', 'remote', 'again');
  assert.deepEqual(await count('127.0.0.1:995'), [0]);
});

test('what is no target is never a Lua error', async () => {
  const unusable: LuaValue[] = [undefined, '', 'host', 'host:port', ':', 'a b:1', 'x:99999', 12, true, new LuaTable()];
  for (const target of [...unusable, '\xff\0:1 2', 'x'.repeat(1e5)]) {
    assert.deepEqual(await register(target, 'local', 'x'), []);
    assert.deepEqual(await count(target), [undefined, 'Target not registered']);
  }
  assert.deepEqual(await register(), []);
  assert.deepEqual(await count(), [undefined, 'Target not registered']);
});
