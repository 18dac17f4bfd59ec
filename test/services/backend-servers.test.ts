/** Monitoring mail servers: who is alive, when it is tried again, what people see of it. */
import assert from 'node:assert/strict';
import { createServer, type Server } from 'node:net';
import { after, test } from 'node:test';
import { type BackendServer, monitorBackendServers } from '../../runtime/services/backend-servers.ts';
import { createLog, createMetrics } from '../../runtime/services/index.ts';
import { keepLines, testClock, testConfig } from './base.ts';

const servers: Server[] = [];
after(() => {
  for (const server of servers) server.close();
});

async function listener(port = 0, greeting = ''): Promise<{ server: Server; port: number }> {
  const server = createServer((socket) => {
    socket.on('error', () => {});
    socket.end(greeting);
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  const address = server.address();
  assert.ok(address !== null && typeof address === 'object');
  return { server, port: address.port };
}

function backend(port: number, more: Partial<BackendServer> = {}): BackendServer {
  return { protocol: 'imap', ip: '127.0.0.1', port, tls: false, haproxy_v2: false, deep_check: false, ...more };
}

function open() {
  const clock = testClock();
  const sink = keepLines();
  const { server } = testConfig({ server: ['log: { level: info }'] });
  const metrics = createMetrics(server, { clock, version: '' });
  const log = createLog({ ...server.log, instance: 'x' }, { clock, sink });
  return { clock, sink, metrics, monitor: monitorBackendServers({ log, metrics, clock }) };
}

/** Until the round that a clock's step has begun is over. */
async function settled(condition: () => boolean): Promise<void> {
  const end = performance.now() + 3000;
  while (!condition() && performance.now() < end) await new Promise((resolve) => setTimeout(resolve, 5));
}

test('servers that do not answer are left out, in configured order, and come back', async () => {
  const { clock, sink, metrics, monitor } = open();
  const [first, second] = [await listener(), await listener()];
  const wanted = [backend(first.port), backend(1, { protocol: 'pop3' }), backend(second.port, { protocol: 'smtp' })];
  const checked = monitor.watch(wanted);
  assert.deepEqual(monitor.alive(), wanted, 'all, until the first check is over');
  await checked;
  assert.deepEqual(monitor.alive(), [wanted[0], wanted[2]]);
  assert.equal(await metrics.value('backend_servers_status', { server_status: 'wanted' }), 3);
  assert.equal(await metrics.value('backend_servers_status', { server_status: 'alive' }), 2);
  const line = sink.lines.find((each) => each.includes('Server down')) ?? '';
  assert.match(line, /level=error/);
  assert.match(line, /connection refused.*protocol=pop3 backend_server_ip=127\.0\.0\.1 backend_server_port=1/);

  await new Promise((resolve) => first.server.close(resolve));
  clock.advance(9_999);
  assert.equal(monitor.alive().length, 2);
  clock.advance(1);
  await settled(() => monitor.alive().length === 1);
  assert.deepEqual(monitor.alive(), [wanted[2]]);
  await listener(first.port);
  clock.advance(10_000);
  await settled(() => monitor.alive().length === 2);
  assert.deepEqual(monitor.alive(), [wanted[0], wanted[2]]);
  monitor.close();
});

test('a deep check wants the greeting of the protocol', async () => {
  const { monitor } = open();
  const [good, bad] = [await listener(0, '* OK ready\r\n'), await listener(0, '* BYE full\r\n')];
  const wanted = [backend(good.port, { deep_check: true }), backend(bad.port, { deep_check: true }), backend(bad.port)];
  await monitor.watch(wanted);
  assert.deepEqual(monitor.alive(), [wanted[0], wanted[2]]);
  monitor.close();
});

test('other servers take the place of those watched before, and none are none', async () => {
  const { clock, metrics, monitor } = open();
  const { port } = await listener();
  await monitor.watch([backend(port)]);
  await monitor.watch([]);
  assert.deepEqual(monitor.alive(), []);
  clock.advance(60_000);
  assert.deepEqual(monitor.alive(), []);
  assert.equal(await metrics.value('backend_servers_status', { server_status: 'wanted' }), 0);
});
