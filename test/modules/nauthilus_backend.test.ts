/** Trying connections to mail servers from a script; what filters may change is in `test/pipeline/filters.test.ts`. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { LuaValue } from '../../runtime/engine/api.ts';
import backend from '../../runtime/modules/nauthilus_backend.ts';
import type { OpenedServices } from '../../runtime/services/index.ts';
import { type DovecotListeners, dovecotListenersMissing, startDovecotListeners } from '../servers/dovecot-listeners.ts';
import { Script, services } from './script.ts';

let opened: OpenedServices;
before(async () => {
  opened = await services();
});
after(() => opened.close());

async function check(...args: LuaValue[]): Promise<readonly LuaValue[]> {
  const script = new Script(opened, [backend]);
  return script.call(
    await script.require('nauthilus_backend', 'nauthilus_backend'),
    'check_backend_connection',
    ...args,
  );
}

test('check_backend_connection takes four arguments of the right types', async () => {
  for (const args of [[], ['127.0.0.1', 1, false], ['127.0.0.1', 1, false, false, 1]] as LuaValue[][]) {
    await assert.rejects(check(...args), new RegExp(`Invalid number of arguments. Expected 4, got ${args.length}$`));
  }
  await assert.rejects(check('127.0.0.1', '993', false, true), /#2 .*number expected, got string/);
  await assert.rejects(check('127.0.0.1', 993, 1, true), /#3 .*boolean expected, got number/);
  await assert.rejects(check('127.0.0.1', 993, false, undefined), /#4 .*boolean expected, got nil/);
  await assert.rejects(check(true, 993, false, true), /#1 .*string expected/);
});

test('what cannot be reached is a text', async () => {
  assert.deepEqual(await check('127.0.0.1', 1, false, false), ['dial tcp 127.0.0.1:1: connect: connection refused']);
  assert.deepEqual(await check('127.0.0.1', 1e9, false, false), ['dial tcp: address 1000000000: invalid port']);
  assert.match(String(await check('\xff\0', 25, false, false)), /no such host/);
});

describe('listeners of a real Dovecot', { skip: dovecotListenersMissing }, () => {
  let dovecot: DovecotListeners;
  before(async () => {
    dovecot = await startDovecotListeners();
  });
  after(() => dovecot.close());

  test('are reached with and without PROXY header and TLS', async () => {
    const { ports } = dovecot;
    assert.deepEqual(await check('127.0.0.1', ports.imap, false, false), [undefined]);
    assert.deepEqual(await check('localhost', ports.imaps, false, true), [undefined]);
    assert.deepEqual(await check('127.0.0.1', ports.imapProxied, true, false), [undefined]);
    assert.deepEqual(await check('127.0.0.1', ports.imapsProxied, true, true), [undefined]);
    assert.match(String(await check('127.0.0.1', ports.imap, false, true)), /does not look like a TLS handshake/);
    assert.match(String(await check('127.0.0.1', ports.imapsProxied, false, true)), /EOF/);
  });
});
