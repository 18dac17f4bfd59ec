/** Mail as Postfix (SMTP) and Dovecot (LMTP) took and delivered it, and servers that do not behave. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';
import { after, before, describe, test } from 'node:test';
import { Secret, systemClock } from '../../runtime/services/index.ts';
import { AddressError, parseAddress } from '../../runtime/services/mail/address.ts';
import { createMail, type Mail, MailError } from '../../runtime/services/mail/index.ts';
import { opensslMissing } from '../servers/certificate.ts';
import { type DovecotServer, dovecotMissing, startDovecot } from '../servers/dovecot.ts';
import { BEYOND_ASCII, type PostfixServer, postfixMissing, startPostfix } from '../servers/postfix.ts';

function mail(changes: Partial<Mail>): Mail {
  return {
    server: 'localhost',
    port: 25,
    security: 'none',
    protocol: 'smtp',
    heloName: 'policy.example.test',
    credentials: undefined,
    from: '"Security" <abuse@example.test>',
    to: ['mia@example.test'],
    subject: 'New login',
    body: Buffer.from('Hello Mia,\nyou logged in.\n'),
    ...changes,
  };
}

/** The text of the error that sending ends in. */
async function refusal(sending: Promise<void>): Promise<string> {
  try {
    await sending;
  } catch (error) {
    assert.ok(error instanceof MailError, String(error));
    return error.message;
  }
  return '';
}

/** The next message of a user, once it is there. */
async function delivered(
  box: { mailOf(user: string): readonly string[] },
  user: string,
  known: number,
): Promise<string> {
  for (let attempt = 0; attempt < 400; attempt++) {
    const messages = box.mailOf(user);
    if (messages.length > known) return messages[known] ?? '';
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
  throw new Error(`no mail for ${user}`);
}

/** Headers (unfolded) and body with the transfer encoding undone. */
function read(message: string): { readonly header: (name: string) => string | undefined; readonly body: string } {
  const [, head = '', body = ''] = /^(.*?)\r?\n\r?\n(.*)$/s.exec(message) ?? [];
  const lines = head.replace(/\r?\n[ \t]+/g, ' ').split(/\r?\n/);
  const header = (name: string) =>
    lines.find((line) => line.toLowerCase().startsWith(`${name.toLowerCase()}: `))?.slice(name.length + 2);
  const bytes = body
    .replace(/=\r?\n/g, '')
    .replace(/=([0-9A-F]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
    .replaceAll('\r\n', '\n');
  return { header, body: Buffer.from(bytes, 'latin1').toString('utf8') };
}

const missing = dovecotMissing || postfixMissing || opensslMissing;

describe('with Postfix and Dovecot', { skip: missing }, () => {
  let dovecot: DovecotServer;
  let postfix: PostfixServer;

  before(async () => {
    dovecot = await startDovecot();
    postfix = await startPostfix(dovecot);
  });
  after(async () => {
    await postfix?.close();
    await dovecot?.close();
  });

  const trusting = (authority: string) => createMail({ clock: systemClock, authorities: authority });

  test('SMTP: a message arrives as it was given', async () => {
    const known = postfix.mailOf('mia@example.test').length;
    const body = 'Grüße!\n.\n..dots\n.hidden\r\nFrom here\r\n\r\nlong '.concat('x'.repeat(3000), '\nend = 5 €  \n');
    const subject = `Anmeldung für „Mia" ${'ä'.repeat(80)}`;
    const from = '"Sicherheit, Größe" <abuse@example.test>';
    const to = ['"Mia M." <mia@example.test>', 'Tom <tom@example.test>'];
    await createMail({ clock: systemClock }).send(
      mail({ port: postfix.plainPort, from, to, subject, body: Buffer.from(body) }),
    );
    const raw = await delivered(postfix, 'mia@example.test', known);
    const { header, body: arrived } = read(raw);
    assert.equal(arrived, body.replaceAll('\r\n', '\n'));
    assert.match(header('From') ?? '', /^=\?UTF-8\?.*\?= <abuse@example\.test>$/);
    assert.match(header('To') ?? '', /^"?Mia M\."? <mia@example\.test>, Tom <tom@example\.test>$/);
    assert.match(header('Subject') ?? '', /^=\?UTF-8\?/);
    assert.equal(decodeWords(header('Subject') ?? ''), subject);
    assert.equal(header('Content-Type')?.toLowerCase(), 'text/plain; charset=utf-8');
    assert.equal(header('MIME-Version'), '1.0');
    assert.match(header('Message-ID') ?? '', /^<[^@\s]+@example\.test>$/);
    assert.ok(Math.abs(Date.parse(header('Date') ?? '') - Date.now()) < 60_000);
    assert.match(header('Received') ?? '', /from policy\.example\.test /);
    assert.ok(raw.split('\n').every((line) => line.length < 200));
    await delivered(postfix, 'tom@example.test', 0);
  });

  test('SMTP: addresses beyond ASCII, where the server takes them', async () => {
    const changes = { from: 'Größe <größe@example.test>', to: [`Zoë <${BEYOND_ASCII}>`, 'mia@example.test'] };
    const known = postfix.mailOf('mia@example.test').length;
    await createMail({ clock: systemClock }).send(mail({ port: postfix.plainPort, ...changes }));
    const { header } = read(Buffer.from(await delivered(postfix, BEYOND_ASCII, 0), 'latin1').toString('utf8'));
    assert.equal(header('Return-Path'), '<größe@example.test>');
    assert.match(header('From') ?? '', /^=\?UTF-8\?\S+\?= <größe@example\.test>$/);
    assert.match(header('To') ?? '', /^=\?UTF-8\?\S+\?= <zoë@example\.test>, mia@example\.test$/);
    await delivered(postfix, 'mia@example.test', known);
    const lmtp = { port: dovecot.lmtpPort, protocol: 'lmtp', to: [BEYOND_ASCII] } as const;
    assert.equal(
      await refusal(createMail({ clock: systemClock }).send(mail(lmtp))),
      `the server does not take addresses beyond ASCII: ${BEYOND_ASCII}`,
    );
    const encrypted = { port: postfix.smtpPort, security: 'starttls', to: [BEYOND_ASCII] } as const;
    await trusting(postfix.authority).send(mail(encrypted));
    await delivered(postfix, BEYOND_ASCII, 1);
  });

  test('STARTTLS and SMTPS, with a certificate that is verified', async () => {
    for (const [security, port] of [
      ['starttls', postfix.smtpPort],
      ['tls', postfix.smtpsPort],
    ] as const) {
      for (const server of ['localhost', '127.0.0.1']) {
        const known = postfix.mailOf('mia@example.test').length;
        await trusting(postfix.authority).send(mail({ server, port, security }));
        const { header } = read(await delivered(postfix, 'mia@example.test', known));
        assert.match(header('Received') ?? '', /ESMTPS|TLSv1\.[23]/);
      }
      const untrusted = await refusal(createMail({ clock: systemClock }).send(mail({ port, security })));
      assert.match(untrusted, /self-signed certificate/);
    }
  });

  test('STARTTLS that is not offered ends it, nothing is sent in the clear', async () => {
    const sending = trusting(postfix.authority).send(mail({ port: postfix.plainPort, security: 'starttls' }));
    assert.match(await refusal(sending), /STARTTLS|50[02] /);
  });

  test('AUTH, and a wrong password', async () => {
    const known = postfix.mailOf('mia@example.test').length;
    const from = 'inside@example.test';
    const login = (password: string) => ({ username: 'tom@example.test', password: new Secret(password) });
    for (const [security, port] of [
      ['starttls', postfix.smtpPort],
      ['tls', postfix.smtpsPort],
    ] as const) {
      await trusting(postfix.authority).send(mail({ port, security, from, credentials: login('tom secret') }));
      await delivered(postfix, 'mia@example.test', known);
      const wrong = await refusal(
        trusting(postfix.authority).send(mail({ port, security, from, credentials: login('wrong secret') })),
      );
      assert.match(wrong, /^535 5\.7\.8 /);
      assert.ok(!wrong.includes('wrong secret'));
      assert.match(await refusal(trusting(postfix.authority).send(mail({ port, security, from }))), /^554 5\.7\.1 /);
    }
  });

  test('refused recipients and senders give the answer of the server; the others get their mail', async () => {
    const service = createMail({ clock: systemClock });
    const send = (changes: Partial<Mail>) => refusal(service.send(mail({ port: postfix.plainPort, ...changes })));
    assert.match(await send({ to: ['nobody@example.test'] }), /^550 5\.1\.1 .*unknown in virtual mailbox table$/);
    assert.match(await send({ to: ['x@elsewhere.test'] }), /^554 5\.7\.1 .*Relay access denied$/);
    const known = postfix.mailOf('tom@example.test').length;
    const some = await send({ to: ['nobody@example.test', 'tom@example.test'] });
    assert.match(some, /^550 5\.1\.1 .* \(nobody@example\.test\)$/);
    await delivered(postfix, 'tom@example.test', known);
    assert.match(await send({ body: Buffer.alloc(200_000, 'x') }), /552 5\.3\.4|larger than allowed/);
  });

  test('LMTP: delivered to each recipient, with the result of each', async () => {
    const service = createMail({ clock: systemClock });
    const send = (changes: Partial<Mail>) =>
      service.send(mail({ port: dovecot.lmtpPort, protocol: 'lmtp', ...changes }));
    await send({ to: ['mia@example.test', '"Tom T" <tom@example.test>'], body: Buffer.from('one\n.two\n') });
    for (const user of ['mia@example.test', 'tom@example.test']) {
      const { header, body } = read(await delivered(dovecot, user, 0));
      assert.equal(body, 'one\n.two\n');
      assert.match(header('Received') ?? '', /policy\.example\.test/);
    }
    assert.match(await refusal(send({ to: ['nobody@example.test'] })), /^550 5\.1\.1 .*User doesn't exist/);
    const known = dovecot.mailOf('mia@example.test').length;
    const to = ['nobody@example.test', 'full@example.test', 'mia@example.test'];
    const text = await refusal(send({ to, body: Buffer.from('line\n'.repeat(2000)) }));
    assert.match(text, /550 5\.1\.1 .*\(nobody@example\.test\)/);
    assert.match(text, /552 5\.2\.2 .*\(full@example\.test\)/);
    await delivered(dovecot, 'mia@example.test', known);
    assert.equal(dovecot.mailOf('full@example.test').length, 0);
  });

  test('LMTP with STARTTLS', async () => {
    const known = dovecot.mailOf('mia@example.test').length;
    const changes = { port: dovecot.lmtpPort, protocol: 'lmtp', security: 'starttls' } as const;
    await trusting(dovecot.authority).send(mail(changes));
    const { header } = read(await delivered(dovecot, 'mia@example.test', known));
    assert.match(header('Received') ?? '', /LMTPS|TLSv1/);
  });
});

describe('without a server', () => {
  const send = (changes: Partial<Mail>) => refusal(createMail({ clock: systemClock }).send(mail(changes)));

  test('nothing is sent when a text could end a header or a command', async () => {
    const injected = ['a@b.test\r\nBcc: c@d.test', 'x <a@b.test>\nX: y', '"a\r\nb" <a@b.test>', 'a@b.test\0'];
    for (const address of injected) {
      assert.match(await send({ from: address }), /^invalid From address: mail: control character/);
      assert.match(await send({ to: ['mia@example.test', address] }), /^invalid To address: mail: control character/);
    }
    for (const subject of ['a\r\nBcc: c@d.test', 'a\nb', 'a\rb', 'a\0b']) {
      assert.match(await send({ subject }), /'subject' must not contain line breaks/);
    }
    for (const heloName of ['a\r\nQUIT', 'a b', 'ä']) assert.match(await send({ heloName }), /'helo_name' must be/);
    assert.match(await send({ server: 'localhost\r\n' }), /'server' must not contain/);
  });

  test('unusable addresses and ports are texts', async () => {
    assert.equal(await send({ from: '' }), 'invalid From address: mail: no address');
    assert.match(await send({ from: 'also not' }), /^invalid From address: /);
    assert.match(await send({ to: ['not an address'] }), /^invalid To address: /);
    assert.match(await send({ to: [] }), /^invalid To address: /);
    for (const port of [0, -1, 65_536, Number.NaN, Number.POSITIVE_INFINITY]) {
      assert.match(await send({ port }), /invalid port$/);
    }
  });

  test('a password does not travel in the clear, except to this machine', async () => {
    const credentials = { username: 'mia', password: new Secret('secret') };
    assert.equal(await send({ server: 'mail.invalid', credentials }), 'unencrypted connection');
    assert.match(await send({ server: '127.0.0.1', port: 1, credentials }), /connection refused$/);
  });

  test('nobody listens, and no such host', async () => {
    assert.equal(await send({ server: '127.0.0.1', port: 1 }), 'dial tcp 127.0.0.1:1: connect: connection refused');
    assert.match(await send({ server: 'nosuch.invalid' }), /nosuch\.invalid/);
  });
});

describe('servers that do not behave', () => {
  async function against(behave: (socket: Socket) => void, changes: Partial<Mail> = {}): Promise<string> {
    const server = createServer((socket) => {
      socket.on('error', () => undefined);
      behave(socket);
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    const sockets: Socket[] = [];
    server.on('connection', (socket) => void sockets.push(socket));
    const service = createMail({ clock: systemClock, limits: { connect: 300, silence: 300, altogether: 900 } });
    try {
      return await refusal(service.send(mail({ server: '127.0.0.1', port, ...changes })));
    } finally {
      for (const socket of sockets) socket.destroy();
      server.close();
    }
  }

  test('silence before and after the greeting', async () => {
    const begin = performance.now();
    assert.match(await against(() => undefined), /i\/o timeout$/);
    assert.match(await against((socket) => void socket.write('220 hello\r\n')), /i\/o timeout$/);
    assert.ok(performance.now() - begin < 5000);
  });

  test('an answer that never ends', async () => {
    const trickle = (socket: Socket) => {
      socket.write('220 hello\r\n');
      const timer = setInterval(() => socket.write('250-more\r\n'), 50);
      socket.on('close', () => clearInterval(timer));
    };
    assert.match(await against(trickle), /i\/o timeout$/);
  });

  test('hanging up, and what is no SMTP', async () => {
    assert.notEqual(await against((socket) => socket.destroy()), '');
    assert.notEqual(await against((socket) => void socket.end('220 hello\r\n')), '');
    assert.match(await against((socket) => void socket.write('554 5.3.2 not now\r\n')), /^554 5\.3\.2 not now$/);
    assert.notEqual(await against((socket) => void socket.write('HTTP/1.1 400 Bad Request\r\n\r\n')), '');
    assert.notEqual(await against((socket) => void socket.write('220 hello\r\n'), { security: 'tls' }), '');
  });
});

describe('addresses', () => {
  test('with and without a name', () => {
    const cases: readonly (readonly [string, string, string])[] = [
      ['a@b.test', '', 'a@b.test'],
      ['<a@b.test>', '', 'a@b.test'],
      [' Tom Q. Public <t.o-m+x@b.test> ', 'Tom Q. Public', 't.o-m+x@b.test'],
      ['"Größe, \\"x\\" <y>" <a@b.test>', 'Größe, "x" <y>', 'a@b.test'],
      ['=?UTF-8?Q?Gr=C3=B6_e?= <a@b.test>', 'Grö e', 'a@b.test'],
      ['=?utf-8?b?R3LDtsOfZQ==?= <a@b.test>', 'Größe', 'a@b.test'],
      ['"odd local"@b.test', '', '"odd local"@b.test'],
      ['müller@bücher.test', '', 'müller@bücher.test'],
      ['a@[192.0.2.1]', '', 'a@[192.0.2.1]'],
    ];
    for (const [text, name, address] of cases) assert.deepEqual(parseAddress(text), { name, address });
  });

  test('everything else is none', () => {
    const broken = [
      'a',
      '@b',
      'a@',
      'a@b@c',
      'a b@c',
      'a@b c',
      'a@b.',
      '.a@b',
      'a..b@c',
      'x <a@b',
      'x a@b>',
      'a@b, c@d',
    ];
    const more = ['<a@b> x', 'x@y <a@b>', '"x <a@b>', 'a@b>', `${'a'.repeat(400)}@b`, 'x, y <a@b>', 'g: a@b;', 'a@b;c'];
    for (const text of [...broken, ...more]) assert.throws(() => parseAddress(text), AddressError, text);
  });
});

/** Encoded words of RFC 2047; white space between two of them does not count. */
function decodeWords(text: string): string {
  return text
    .replace(/\?=\s+=\?/g, '?==?')
    .replace(/=\?UTF-8\?([BQ])\?([^?]*)\?=/gi, (_, encoding: string, data: string) => {
      if (encoding.toUpperCase() === 'B') return Buffer.from(data, 'base64').toString('latin1');
      return data
        .replaceAll('_', ' ')
        .replace(/=([0-9A-F]{2})/gi, (__, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
    })
    .replace(/[\u0080-\u00ff]+/g, (bytes) => Buffer.from(bytes, 'latin1').toString('utf8'));
}
