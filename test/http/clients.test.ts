/** Real programs as clients: nginx as a mail proxy, Dovecot with the password database that `docs/clients` offers, saslauthd. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { after, before, describe, test } from 'node:test';
import { configText, startServer } from '../login-server.ts';
import { type DovecotImap, dovecotImapMissing, dovecotLuaMissing, startDovecotImap } from '../servers/dovecot-imap.ts';
import { type NginxMail, nginxMailMissing, startNginxMail } from '../servers/nginx-mail.ts';
import { freePort } from '../servers/redis.ts';
import { provideSaslauthd, type Saslauthd, startSaslauthd } from '../servers/saslauthd.ts';

const PASSWORD = 'ünlaut "and" %:\\ more';

/** Everybody is `mia`, with either password; `broken` is a script that fails. */
const BACKEND = `function nauthilus_backend_verify_password(request)
  if request.username == "broken" then error("no answer") end
  local result = nauthilus_backend_result.new()
  result:user_found(true)
  result:account_field("account")
  result:attributes({ account = "mia" })
  result:authenticated(request.password == ${Buffer.from(JSON.stringify(PASSWORD)).toString('latin1')} or request.password == "simple")
  return nauthilus_builtin.BACKEND_RESULT_OK, result
end`;

/** The answer to LOGIN at an IMAP server, and to a command that only those may send who are in. */
async function loginAt(port: number, user: string, password: string): Promise<readonly string[]> {
  const socket = connect({ host: '127.0.0.1', port });
  let text = '';
  socket.setEncoding('latin1').on('data', (part: string) => {
    text += part;
  });
  const until = async (pattern: RegExp): Promise<string> => {
    for (;;) {
      const found = pattern.exec(text);
      if (found !== null) return found[0];
      await Promise.race([once(socket, 'data'), once(socket, 'close').then(() => assert.fail(`closed: ${text}`))]);
    }
  };
  try {
    await until(/^\* OK/m);
    const secret = Buffer.from(password, 'utf8').toString('latin1');
    socket.write(`a LOGIN ${user} {${secret.length}}\r\n`, 'latin1');
    await until(/^\+/m);
    socket.write(`${secret}\r\n`, 'latin1');
    const answer = await until(/^a (OK|NO|BAD).*$/m);
    if (!answer.startsWith('a OK')) return [answer];
    socket.write('b LIST "" *\r\n');
    return [answer, await until(/^b (OK|NO|BAD).*$/m)];
  } finally {
    socket.destroy();
  }
}

const backendPort = await freePort();
const server = await startServer(
  configText(
    'backends: [lua]\nbasic_auth: { enabled: true, username: mail, password: api-secret }',
    'lua: { config: { backend_script_path: b.lua } }',
  ),
  { 'b.lua': BACKEND },
  { NAUTHILUS_IMAP_BACKEND_ADDRESS: '127.0.0.1', NAUTHILUS_IMAP_BACKEND_PORT: String(backendPort) },
);
await server.server.listen();
const AUTHORIZATION = `Basic ${Buffer.from('mail:api-secret').toString('base64')}`;

/** For a client that has no way to send credentials of its own. */
const openServer = await startServer(configText('backends: [lua]', 'lua: { config: { backend_script_path: b.lua } }'), {
  'b.lua': BACKEND,
});
await openServer.server.listen();

describe('nginx as a mail proxy', { skip: nginxMailMissing || dovecotImapMissing }, () => {
  let dovecot: DovecotImap;
  let nginx: NginxMail;

  before(async () => {
    // nginx passes the password on as it came; Dovecot knows only the account.
    dovecot = await startDovecotImap(
      { users: 'mia:{PLAIN}simple\n' },
      (file) => `  driver = passwd-file\n  args = ${file('users')}`,
      backendPort,
    );
    nginx = await startNginxMail(`${server.server.address}/api/v1/auth/nginx`, { Authorization: AUTHORIZATION });
  });
  after(async () => {
    await nginx?.close();
    await dovecot?.close();
  });

  test('a user of another name gets into the mailbox of the account', async () => {
    const [login, list] = await loginAt(nginx.port, 'mia@example.test', 'simple');
    assert.match(login ?? '', /^a OK/);
    assert.match(list ?? '', /^b OK/);
    assert.match(dovecot.log(), /Login: user=<mia>/);
    assert.ok(
      server.lines().some(({ username, authenticated }) => username === 'mia@example.test' && authenticated === 'ok'),
    );
  });

  test('a wrong password and a temporary failure are refused with their texts', async () => {
    assert.match((await loginAt(nginx.port, 'mia', 'wrong'))[0] ?? '', /^a NO Invalid login or password/);
    assert.match((await loginAt(nginx.port, 'broken', 'simple'))[0] ?? '', /^a NO Temporary server problem/);
  });
});

describe('Dovecot with the password database of the documentation', { skip: dovecotLuaMissing }, () => {
  let dovecot: DovecotImap;
  let port: number;

  before(async () => {
    port = await freePort();
    const text = readFileSync(new URL('../../docs/clients/dovecot-passdb.lua', import.meta.url), 'utf8')
      .replace('127.0.0.1:9080', server.server.address)
      .replace('AUTHORIZATION = nil', `AUTHORIZATION = "${AUTHORIZATION}"`);
    dovecot = await startDovecotImap(
      { 'passdb.lua': text },
      (file) => `  driver = lua\n  args = file=${file('passdb.lua')} blocking=yes`,
      port,
    );
  });
  after(() => dovecot?.close());

  test('a user of another name gets into the mailbox of the account, whatever is in the password', async () => {
    const [login, list] = await loginAt(port, 'mia@example.test', PASSWORD);
    assert.match(login ?? '', /^a OK/, dovecot.log());
    assert.match(list ?? '', /^b OK/);
    assert.match(dovecot.log(), /Login: user=<mia>/);
  });

  test('a wrong password is one, and no answer is none', async () => {
    assert.match((await loginAt(port, 'mia', 'wrong'))[0] ?? '', /^a NO \[AUTHENTICATIONFAILED\]/);
    assert.match((await loginAt(port, 'broken', 'simple'))[0] ?? '', /^a NO \[UNAVAILABLE\]/);
  });
});

describe('saslauthd with httpform', { skip: provideSaslauthd() }, () => {
  let saslauthd: Saslauthd;

  before(async () => {
    const [host, port] = openServer.server.address.split(':');
    const documented = /^httpform_host: [\s\S]*?(?=^```)/m.exec(
      readFileSync(new URL('../../docs/operation.md', import.meta.url), 'utf8'),
    );
    const settings = (documented?.[0] ?? '')
      .replace(/^httpform_host: .*$/m, `httpform_host: ${host}`)
      .replace(/^httpform_port: .*$/m, `httpform_port: ${port}`);
    saslauthd = await startSaslauthd(settings.trim().split('\n'));
  });
  after(() => saslauthd?.close());

  test('a right password is let in, whatever is in it, with and without a realm', async () => {
    for (const password of ['simple', PASSWORD]) {
      assert.equal(await saslauthd.login('mia', password), '0: OK "Success."', password);
      assert.equal(await saslauthd.login('mia', password, 'example.test'), '0: OK "Success."');
    }
    const names = openServer.lines().map(({ username }) => username);
    assert.ok(names.includes('mia') && names.includes('mia@example.test'));
  });

  test('a wrong password, a name that nobody may have and a temporary failure are refused', async () => {
    for (const [user, password] of [
      ['mia', 'wrong'],
      ['mi(a', 'simple'],
      ['broken', 'simple'],
    ] as const) {
      assert.equal(await saslauthd.login(user, password), '0: NO "authentication failed"', user);
    }
  });
});
