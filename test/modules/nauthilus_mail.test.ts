/** send_mail as scripts call it: its keys, its texts, and a message that Dovecot delivered. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { fromUtf8, LuaTable, type LuaValue, tableFromArray, tableFromEntries } from '../../runtime/engine/api.ts';
import mail from '../../runtime/modules/nauthilus_mail.ts';
import type { OpenedServices } from '../../runtime/services/index.ts';
import { opensslMissing } from '../servers/certificate.ts';
import { dovecotMissing, startDovecot } from '../servers/dovecot.ts';
import { Script, services } from './script.ts';

let opened: OpenedServices;
let script: Script;
let module: LuaTable;

before(async () => {
  opened = await services();
  script = new Script(opened, [mail], { scriptClass: 'action', deadlineMs: 60_000 });
  module = await script.require('nauthilus_mail', 'nauthilus_mail');
});
after(() => opened.close());

const MESSAGE: Readonly<Record<string, LuaValue>> = {
  server: '127.0.0.1',
  port: 1,
  helo_name: 'policy.example.test',
  from: '"Security" <abuse@example.test>',
  to: tableFromArray(['mia@example.test']),
  subject: 'New login',
  body: 'Hello',
};

const send = (changes: Readonly<Record<string, LuaValue>>) =>
  script.call(module, 'send_mail', tableFromEntries(Object.entries({ ...MESSAGE, ...changes })));

test('success is nil, one value', { skip: dovecotMissing || opensslMissing }, async () => {
  const dovecot = await startDovecot();
  try {
    const to = tableFromArray(['mia@example.test', fromUtf8('"Tom Größe" <tom@example.test>')]);
    const subject = fromUtf8('Grüße');
    const sent = await send({ port: dovecot.lmtpPort, lmtp: true, to, subject, body: fromUtf8('Größe: 5 €\n') });
    assert.deepEqual(sent, [undefined]);
    const [message = ''] = dovecot.mailOf('tom@example.test');
    assert.match(message, /^Subject: =\?UTF-8\?Q\?Gr=C3=BC=C3=9Fe\?=$/m);
    assert.match(message, /^Gr=C3=B6=C3=9Fe: 5 =E2=82=AC$/m);
    assert.equal(dovecot.mailOf('mia@example.test').length, 1);
    // Truth in Lua is not enough for the switches: this is SMTP, which LMTP servers refuse.
    assert.match(String(await send({ port: dovecot.lmtpPort, lmtp: 'true' })), /^5\d\d /);
  } finally {
    await dovecot.close();
  }
});

test('what goes wrong is a text, in the order in which it is looked at', async () => {
  const refused = [[{}, 'dial tcp 127.0.0.1:1: connect: connection refused']] as const;
  const wrong = [
    [{ port: '24', to: 1 }, "'port' must be a number"],
    [{ port: undefined }, "'port' must be a number"],
    [{ port: true }, "'port' must be a number"],
    [{ to: 'mia@example.test', from: '' }, "'to' must be a table"],
    [{ to: undefined }, "'to' must be a table"],
    [{ from: undefined, to: tableFromArray(['x']) }, 'invalid From address: mail: no address'],
    [{ from: '\xff\xfe' }, "invalid From address: mail: missing '@' or angle-addr"],
    [{ to: new LuaTable() }, 'invalid To address: mail: no address'],
    [{ to: tableFromArray([1, true]) }, "invalid To address: mail: missing '@' or angle-addr"],
    [{ subject: 'a\r\nBcc: c@d.test' }, "'subject' must not contain line breaks"],
    [{ helo_name: 'a\r\nQUIT' }, "'helo_name' must be a host name"],
    [{ port: 1e9 }, 'dial tcp: address 1000000000: invalid port'],
  ] as const;
  for (const [changes, text] of [...refused, ...wrong]) assert.deepEqual(await send(changes), [text]);
});

test('other keys may be anything that has a text', async () => {
  const odd = { username: 1, password: new LuaTable(), subject: true, body: 12, tls: 'yes', starttls: 1 };
  const [text] = await send(odd);
  assert.equal(text, 'dial tcp 127.0.0.1:1: connect: connection refused');
});

test('what is no table is an argument error', async () => {
  for (const value of ['x', 1, true, undefined]) {
    await assert.rejects(script.call(module, 'send_mail', value), /#1 .*table expected, got /);
  }
  await assert.rejects(script.call(module, 'send_mail'), /#1 .*table expected, got no value/);
});
