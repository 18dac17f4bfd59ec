/** Is a mail server alive: against real listeners of Dovecot and Postfix, and against servers that misbehave. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';
import { after, before, describe, test } from 'node:test';
import { type BackendTarget, checkBackendServer } from '../../runtime/services/connections/backend-check.ts';
import { type DovecotServer, dovecotMissing, startDovecot } from '../servers/dovecot.ts';
import { type DovecotListeners, dovecotListenersMissing, startDovecotListeners } from '../servers/dovecot-listeners.ts';
import { freePort } from '../servers/redis.ts';

const check = (port: number, more: Partial<BackendTarget> = {}) =>
  checkBackendServer({ host: '127.0.0.1', port, haproxyV2: false, tls: false, ...more });

describe('a real Dovecot', { skip: dovecotListenersMissing }, () => {
  let dovecot: DovecotListeners;
  before(async () => {
    dovecot = await startDovecotListeners();
  });
  after(() => dovecot.close());

  test('is alive on each of its listeners, greeted as it wants', async () => {
    const { ports } = dovecot;
    const checks: Record<string, string | undefined> = {
      imap: await check(ports.imap, { deepCheck: 'imap' }),
      imaps: await check(ports.imaps, { tls: true, deepCheck: 'imap' }),
      'imap behind a proxy': await check(ports.imapProxied, { haproxyV2: true, deepCheck: 'imap' }),
      'imaps behind a proxy': await check(ports.imapsProxied, { haproxyV2: true, tls: true, deepCheck: 'IMAP' }),
      pop3: await check(ports.pop3, { deepCheck: 'pop3' }),
      pop3s: await check(ports.pop3s, { tls: true, deepCheck: 'pop3s' }),
      sieve: await check(ports.sieve, { deepCheck: 'sieve' }),
      'no dialogue': await check(ports.imap),
      'no dialogue, TLS behind a proxy': await check(ports.imapsProxied, { haproxyV2: true, tls: true }),
      'by name': await check(ports.imaps, { host: 'localhost', tls: true, deepCheck: 'imap' }),
    };
    for (const [name, problem] of Object.entries(checks)) assert.equal(problem, undefined, name);
    assert.match(dovecot.log(), /imap-login: .*logging out .* TLS,/, 'Dovecot saw orderly ends');
  });

  test('is not alive for those who talk to a listener in the wrong way', async () => {
    const { ports } = dovecot;
    const [greeted, unannounced, unannouncedTls, plain] = await Promise.all([
      check(ports.imap, { deepCheck: 'pop3' }),
      check(ports.imapProxied, { deepCheck: 'imap' }),
      check(ports.imapsProxied, { tls: true }),
      check(ports.imap, { tls: true }),
    ]);
    assert.match(greeted ?? '', /^127\.0\.0\.1:\d+: unexpected greeting: \* OK /);
    assert.match(unannounced ?? '', /^127\.0\.0\.1:\d+: EOF$/);
    assert.match(unannouncedTls ?? '', /^127\.0\.0\.1:\d+: EOF$/);
    assert.match(plain ?? '', /^127\.0\.0\.1:\d+: tls: first record does not look like a TLS handshake$/);
  });
});

describe('a real LMTP server', { skip: dovecotMissing }, () => {
  let dovecot: DovecotServer;
  before(async () => {
    dovecot = await startDovecot();
  });
  after(() => dovecot.close());

  test('greets', async () => {
    assert.equal(await check(dovecot.lmtpPort, { deepCheck: 'lmtp' }), undefined);
  });
});

describe('servers that misbehave', () => {
  const servers: { server: Server; sockets: Set<Socket> }[] = [];
  after(() => {
    for (const { server, sockets } of servers) {
      for (const socket of sockets) socket.destroy();
      server.close();
    }
  });

  /** A listener that treats each connection like `talk`. */
  async function listen(talk: (socket: Socket) => void): Promise<number> {
    const sockets = new Set<Socket>();
    const server = createServer((socket) => {
      sockets.add(socket);
      socket.on('error', () => undefined);
      talk(socket);
    }).listen(0, '127.0.0.1');
    servers.push({ server, sockets });
    await once(server, 'listening');
    const address = server.address();
    return typeof address === 'object' && address !== null ? address.port : 0;
  }

  test('a greeting may come in pieces and in several lines', async () => {
    const port = await listen((socket) => {
      socket.write('220-first\r\n22');
      setTimeout(() => socket.write('0 second\r\n'), 20);
    });
    assert.equal(await check(port, { deepCheck: 'smtp' }), undefined);
  });

  test('what is no welcome is an error, without bytes that a log could not stand', async () => {
    const busy = await listen((socket) => socket.write('421 too \x1b[31m busy\r\n'));
    assert.equal(
      await check(busy, { deepCheck: 'smtp' }),
      `127.0.0.1:${busy}: unexpected greeting: 421 too ?[31m busy`,
    );
    const bye = await listen((socket) => socket.write('* BYE overloaded\r\n'));
    assert.match((await check(bye, { deepCheck: 'imap' })) ?? '', /unexpected greeting: \* BYE overloaded$/);
    const no = await listen((socket) => socket.write('"IMPLEMENTATION" "x"\r\nNO later\r\n'));
    assert.match((await check(no, { deepCheck: 'sieve' })) ?? '', /unexpected greeting: NO later$/);
    const endless = await listen((socket) => socket.write('220-x\r\n'.repeat(5000)));
    assert.match((await check(endless, { deepCheck: 'lmtp' })) ?? '', /greeting is too long$/);
  });

  test('silence is an error only where a greeting is waited for, and in bounded time', async () => {
    const port = await listen(() => undefined);
    assert.equal(await check(port, { deepCheck: 'unknown' }), undefined);
    const start = performance.now();
    const [greeting, handshake] = await Promise.all([check(port, { deepCheck: 'imap' }), check(port, { tls: true })]);
    assert.equal(greeting, `dial tcp 127.0.0.1:${port}: i/o timeout`);
    assert.equal(handshake, `dial tcp 127.0.0.1:${port}: i/o timeout`);
    assert.ok(performance.now() - start < 7000);
  });

  test('nobody there, and what is no address', async () => {
    const port = await freePort();
    assert.equal(await check(port), `dial tcp 127.0.0.1:${port}: connect: connection refused`);
    assert.equal(await check(port, { host: '::1' }), `dial tcp [::1]:${port}: connect: connection refused`);
    assert.match(
      (await check(25, { host: 'nosuch.invalid' })) ?? '',
      /^dial tcp nosuch\.invalid:25: (no such host|temp)/,
    );
    for (const host of ['', 'a\0b', 'a b', '\xff']) assert.match((await check(25, { host })) ?? '', /no such host$/);
    for (const bad of [0, -1, 65_536, 1.5, Number.NaN, 1e300]) assert.match((await check(bad)) ?? '', /invalid port$/);
  });
});
