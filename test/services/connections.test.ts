/** Counting established connections, seen with real ones over loopback. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { after, before, describe, test } from 'node:test';
import { createConnectionCounts } from '../../runtime/services/connections/index.ts';
import { kernelPort, kernelTexts, visitEstablished } from '../../runtime/services/connections/tcp-table.ts';
import { createDns } from '../../runtime/services/dns/index.ts';
import { createLog, createMetrics } from '../../runtime/services/index.ts';
import { keepLines, testClock, testConfig } from './base.ts';

const TABLE = [
  '  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode',
  '   0: 00000000:0050 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 1 1 0 100 0 0 10 0',
  '   1: 0100007F:0050 0200007F:9C40 01 00000000:00000000 00:00000000 00000000     0        0 2 1 0 20 4 30 10 -1',
  '  10: 0100007F:0050 0200007F:9C41 06 00000000:00000000 00:00000000 00000000     0        0 0 3 0',
  ' 100: 0000000000000000FFFF00000100007F:1F90 00000000000000000000000001000000:9C42 01 00000000:00000000 00:0',
  '',
].join('\n');

test('the table of the kernel is read: established connections only', () => {
  const seen: string[] = [];
  visitEstablished(TABLE, (...ends) => void seen.push(ends.join(' ')));
  assert.deepEqual(seen, [
    '0100007F 0050 0200007F 9C40',
    '0000000000000000FFFF00000100007F 1F90 00000000000000000000000001000000 9C42',
  ]);
});

test('addresses and ports are compared as the kernel writes them', () => {
  assert.deepEqual(kernelTexts('127.0.0.1'), ['0100007F', '0000000000000000FFFF00000100007F']);
  assert.deepEqual(kernelTexts('2001:db8::1'), ['B80D0120000000000000000001000000']);
  assert.equal(kernelPort(80), '0050');
  assert.equal(kernelPort(65_535), 'FFFF');
});

describe('counts', { skip: existsSync('/proc/net/tcp') ? false : 'the system has no /proc/net/tcp' }, () => {
  let server: Server;
  const clients: Socket[] = [];
  let port = 0;

  before(async () => {
    server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    port = typeof address === 'object' && address !== null ? address.port : 0;
    for (let i = 0; i < 3; i++) {
      const client = connect(port, '127.0.0.1');
      await Promise.all([once(client, 'connect'), once(server, 'connection')]);
      clients.push(client);
    }
  });
  after(() => {
    for (const client of clients) client.destroy();
    server.close();
  });

  function open() {
    const clock = testClock();
    const sink = keepLines();
    const { server: settings } = testConfig({ server: ['log: { level: info }'] });
    const log = createLog({ ...settings.log, instance: 'x' }, { clock, sink });
    const metrics = createMetrics(settings, { clock, version: '' });
    const dns = createDns(settings.dns, clock);
    return { clock, sink, metrics, counts: createConnectionCounts({ log, metrics, clock, dns }) };
  }

  const settled = () => new Promise((resolve) => setTimeout(resolve, 60));

  test('both ends of connections, by address, by name and for any address', async () => {
    const { clock, metrics, counts } = open();
    counts.register(`127.0.0.1:${port}`, 'remote', 'Far end');
    counts.register(`localhost:${port}`, 'local', 'Near end');
    counts.register(`0.0.0.0:${port}`, 'local', 'Any');
    counts.register(`127.0.0.9:${port}`, 'local', 'Nobody');
    assert.equal(counts.count(`127.0.0.1:${port}`), 0);
    await settled();
    clock.advance(5000);
    await settled();
    const counted = ['127.0.0.1', 'localhost', '0.0.0.0', '127.0.0.9'].map((host) => counts.count(`${host}:${port}`));
    assert.deepEqual(counted, [3, 3, 3, 0]);
    const page = await metrics.text();
    const line = `generic_connections{target="127.0.0.1:${port}",direction="remote",description="Far end"} 3`;
    assert.ok(page.includes(line), page.slice(0, 2000));
    counts.close();
  });

  test('another direction replaces, the same one changes nothing', async () => {
    const { clock, metrics, counts } = open();
    const target = `127.0.0.1:${port}`;
    counts.register(target, 'remote', 'One');
    counts.register(target, 'remote', 'Two');
    await settled();
    clock.advance(5000);
    await settled();
    assert.match(await metrics.text(), /^generic_connections\{.*description="One"/m);
    counts.register(target, 'local', 'Three');
    assert.equal(counts.count(target), 0);
    assert.doesNotMatch(await metrics.text(), /^generic_connections\{/m);
    counts.close();
  });

  test('what is no target and names without an address are logged', async () => {
    const { sink, counts } = open();
    counts.register('nonsense', 'local', '');
    counts.register('', 'remote', '');
    counts.register('nosuch.invalid:25', 'remote', '');
    assert.equal(counts.count('nonsense'), undefined);
    assert.equal(counts.count('nosuch.invalid:25'), 0);
    for (let i = 0; i < 100 && sink.lines.length < 3; i++) await settled();
    assert.match(sink.lines[0] ?? '', /Error while proccessing the target: 'nonsense' is not host:port/);
    assert.match(sink.lines[2] ?? '', /Unable to resolve DNS name 'nosuch.invalid': lookup nosuch.invalid: /);
    counts.close();
  });

  test('the number of targets is limited', () => {
    const { sink, counts } = open();
    for (let i = 0; i < 1001; i++) counts.register(`127.0.0.1:${i + 1}`, 'local', '');
    assert.equal(counts.count('127.0.0.1:1000'), 0);
    assert.equal(counts.count('127.0.0.1:1001'), undefined);
    assert.match(sink.lines[0] ?? '', /there are 1000 already/);
    counts.close();
  });
});
