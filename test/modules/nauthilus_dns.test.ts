/** DNS queries of scripts to a real dnsmasq. */
import assert from 'node:assert/strict';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { after, before, describe, test } from 'node:test';
import { entries, fromUtf8, LuaTable, type LuaValue } from '../../runtime/engine/api.ts';
import dns from '../../runtime/modules/nauthilus_dns.ts';
import type { OpenedServices } from '../../runtime/services/index.ts';
import { type DnsServer, dnsmasqMissing, startDnsmasq } from '../servers/dnsmasq.ts';
import { Script, services } from './script.ts';

function plain(value: LuaValue): unknown {
  if (!(value instanceof LuaTable)) return value;
  return Object.fromEntries([...entries(value)].map(([key, each]) => [String(key), plain(each)]));
}

async function open(resolver: string) {
  const opened = await services(`server: { backends: [cache], dns: { resolver: "${resolver}", timeout: 1 } }`);
  const script = new Script(opened, [dns]);
  const module = await script.require('nauthilus_dns', 'nauthilus_dns');
  const resolve = async (...args: LuaValue[]) => (await script.call(module, 'resolve', ...args)).map(plain);
  return { opened, resolve };
}

describe('with dnsmasq', { skip: dnsmasqMissing }, () => {
  let server: DnsServer;
  let opened: OpenedServices;
  let resolve: (...args: LuaValue[]) => Promise<readonly unknown[]>;

  before(async () => {
    server = await startDnsmasq();
    ({ opened, resolve } = await open(server.address));
  });
  after(async () => {
    await opened?.close();
    await server?.stop();
  });

  test('records of every type', async () => {
    assert.deepEqual(await resolve('mail.example.test'), [{ 1: '192.0.2.25' }]);
    assert.deepEqual(await resolve('mail.example.test', 'a'), [{ 1: '192.0.2.25' }]);
    assert.deepEqual(await resolve('mail.example.test', 'AAAA'), [{ 1: '2001:db8::25' }]);
    const [two] = await resolve('two.example.test', 'A');
    assert.deepEqual(Object.values(two as object).sort(), ['192.0.2.1', '192.0.2.2']);
    const [mx] = await resolve('example.test', 'MX');
    const hosts = Object.values(mx as Record<string, { pref: number }>).sort((a, b) => a.pref - b.pref);
    assert.deepEqual(hosts, [
      { host: 'mail.example.test', pref: 10 },
      { host: 'backup.example.test', pref: 20 },
    ]);
    assert.deepEqual(await resolve('example.test', 'TXT'), [{ 1: 'v=spf1 -allsecond part' }]);
    const srv = { target: 'mail.example.test', port: 143, priority: 5, weight: 7 };
    assert.deepEqual(await resolve('_imap._tcp.example.test', 'SRV'), [{ 1: srv }]);
    assert.deepEqual(await resolve('www.example.test', 'CNAME'), [{ 1: 'mail.example.test' }]);
    assert.deepEqual(await resolve('example.test', 'NS'), [{ 1: 'ns.example.test' }]);
    assert.deepEqual(await resolve('192.0.2.25', 'PTR'), [{ 1: 'mail.example.test' }]);
    assert.deepEqual(await resolve('2001:db8::25', 'PTR'), [{ 1: 'mail.example.test' }]);
    assert.deepEqual(await resolve('25.2.0.192.in-addr.arpa', 'PTR'), [{ 1: 'mail.example.test' }]);
  });

  test('what does not exist is nil and a text', async () => {
    for (const type of ['A', 'MX', 'TXT', 'PTR', 'SRV', 'CNAME', 'NS', 'AAAA']) {
      assert.deepEqual(await resolve('nosuch.example.test', type), [
        undefined,
        'lookup nosuch.example.test: no such host',
      ]);
    }
    assert.deepEqual(await resolve('two.example.test', 'AAAA'), [undefined, 'lookup two.example.test: no such host']);
  });

  test('odd names are nil and a text', async () => {
    for (const name of [
      '',
      '.',
      '..',
      'a..b',
      ' ',
      'x'.repeat(70),
      'x.'.repeat(200),
      '\xff\0',
      fromUtf8('größe.test'),
      12,
    ]) {
      for (const type of ['A', 'PTR', 'MX']) {
        const [records, text] = await resolve(name, type);
        assert.equal(records, undefined, `${String(name)} ${type}`);
        assert.equal(typeof text, 'string');
      }
    }
  });

  test('wrong types and arguments', async () => {
    const [nothing, text] = await resolve('example.test', 'NOSUCH');
    assert.equal(nothing, undefined);
    assert.match(String(text), /^unknown record type 'NOSUCH'; known: A, AAAA, /);
    await assert.rejects(resolve(), /#1 .*string expected, got no value/);
    await assert.rejects(resolve(new LuaTable()), /#1 .*string expected, got table/);
    await assert.rejects(resolve('x', true), /#2 .*string expected, got boolean/);
  });
});

test('a name server that is silent is given up', async () => {
  const silent = createSocket('udp4').bind(0, '127.0.0.1');
  await once(silent, 'listening');
  const { opened, resolve } = await open(`127.0.0.1:${silent.address().port}`);
  const begin = performance.now();
  assert.deepEqual(await resolve('example.test'), [undefined, 'lookup example.test: i/o timeout']);
  assert.ok(performance.now() - begin < 4000);
  silent.close();
  await opened.close();
});
