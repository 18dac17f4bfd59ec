/** Searches and changes at a real slapd: TLS, pools, a server that goes and comes back; filters and names as bytes. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import fc from 'fast-check';
import { FilterError, parseFilter } from '../../runtime/config/ldap-filter.ts';
import { createMetrics, Secret, systemClock } from '../../runtime/services/index.ts';
import { escapeDnValue, escapeFilterValue } from '../../runtime/services/ldap/escape.ts';
import { createLdap, LdapError, type LdapSearch, type LdapService } from '../../runtime/services/ldap/index.ts';
import { createPool } from '../../runtime/services/ldap/pool.ts';
import { opensslMissing } from '../servers/certificate.ts';
import { ADMIN, PHOTO, type SlapdServer, SUFFIX, slapdMissing, startSlapd } from '../servers/slapd.ts';
import { testClock, testConfig } from './base.ts';

const PEOPLE = `ou=people,${SUFFIX}`;

const search = (filter: string, changes: Partial<LdapSearch> = {}): LdapSearch => ({
  baseDn: SUFFIX,
  scope: 'sub',
  filter,
  attributes: ['uid'],
  ...changes,
});

async function refusal(work: Promise<unknown>): Promise<string> {
  try {
    await work;
  } catch (error) {
    assert.ok(error instanceof LdapError, String(error));
    return error.message;
  }
  return '';
}

describe('with slapd', { skip: slapdMissing || opensslMissing }, () => {
  let server: SlapdServer;
  const open: LdapService[] = [];

  before(async () => {
    server = await startSlapd();
  });
  after(async () => {
    for (const service of open) service.close();
    await server?.close();
  });

  function connect(lines: readonly string[] = [], limits = {}) {
    const settings = [`server_uri: ${server.uri}`, `bind_dn: "${ADMIN.dn}"`, `bind_pw: ${ADMIN.password}`, ...lines];
    const own = new Map(settings.map((line) => [line.split(':')[0], line]));
    const yaml = ['ldap:', '  config:', ...[...own.values()].map((line) => `    ${line}`)];
    const config = testConfig({ top: yaml });
    const metrics = createMetrics(config.server, { clock: systemClock, version: '' });
    const service = createLdap(config.ldap!.config!, { clock: systemClock, metrics, limits });
    open.push(service);
    return { service, metrics };
  }

  const uids = async (service: LdapService, query: LdapSearch): Promise<readonly string[]> =>
    (await service.search(query)).map(({ dn }) => dn.split(',')[0] ?? '').sort();

  test('scopes', async () => {
    const { service } = connect();
    assert.deepEqual(await uids(service, search('(uid=*)')), ['uid=joerg', 'uid=mia', 'uid=tom']);
    assert.deepEqual(await uids(service, search('(objectClass=*)', { scope: 'base' })), ['dc=example']);
    assert.deepEqual(await uids(service, search('(objectClass=*)', { scope: 'one' })), ['ou=people']);
    assert.deepEqual(await uids(service, search('(uid=*)', { baseDn: 'ou=nowhere,dc=example,dc=test' })), []);
  });

  test('values as bytes, several of them, whatever they are', async () => {
    const { service } = connect();
    const attributes = ['jpegPhoto', 'mail', 'cn', 'description;lang-de', 'telephoneNumber'];
    const found = await service.search(search('(|(uid=tom)(uid=mia)(uid=joerg))', { attributes }));
    const values = new Map(
      found.flatMap(({ dn, attributes: own }) =>
        own.map(([name, list]) => [`${dn.split(',')[0]} ${name}`, list] as const),
      ),
    );
    assert.deepEqual(values.get('uid=tom jpegPhoto'), [PHOTO]);
    assert.deepEqual(values.get('uid=mia mail')?.map(String).sort(), ['m@example.test', 'mia@example.test']);
    assert.equal(String(values.get('uid=joerg cn')), 'Jörg (Chef) *');
    assert.equal(String(values.get('uid=joerg description;lang-de')), 'Leiter');
    assert.equal(values.get('uid=tom telephoneNumber')?.length ?? 0, 0);
  });

  test('filters of every kind find what slapd means by them', async () => {
    const { service } = connect();
    const cases: readonly (readonly [string, readonly string[]])[] = [
      ['(&(objectClass=inetOrgPerson)(!(uid=tom)))', ['joerg', 'mia']],
      ['(|(uid=tom)(uid=mia))', ['mia', 'tom']],
      ['(mail=m*a@ex*ple.test)', ['mia']],
      ['(mail=*example*)', ['mia', 'tom']],
      ['(uid>=mia)', []],
      ['(cn~=tom)', ['tom']],
      ['(uid:caseExactMatch:=tom)', ['tom']],
      ['(ou:dn:=people)', ['joerg', 'mia', 'tom']],
      ['(2.5.4.3=Mia)', ['mia']],
      ['(description;lang-de=Leiter)', ['joerg']],
      ['(cn=J\\c3\\b6rg \\28Chef\\29 \\2a)', ['joerg']],
      [`(cn=${Buffer.from('Jörg').toString('latin1')}*)`, ['joerg']],
      [`(cn=${escapeFilterValue(Buffer.from('Jörg (Chef) *').toString('latin1'))})`, ['joerg']],
      ['(jpegPhoto=\\ff\\d8\\00\\80\\0a\\fe)', []],
      ['(&\n   (objectClass=inetOrgPerson)\r\n\t(uid=tom)\n)', ['tom']],
      ['(&)', ['joerg', 'mia', 'tom']],
      ['(|)', []],
    ];
    for (const [filter, expected] of cases) {
      const found = await uids(service, search(filter, { baseDn: PEOPLE }));
      const people = found.filter((name) => name.startsWith('uid='));
      assert.deepEqual(
        people,
        expected.map((uid) => `uid=${uid}`),
        filter,
      );
    }
  });

  test('a user name cannot become part of the filter', async () => {
    const { service } = connect();
    for (const name of ['*', 'mia)(uid=*', 'mia\\', '\0']) {
      assert.deepEqual(await uids(service, search(`(uid=${escapeFilterValue(name)})`)), []);
    }
  });

  test('changes: all or none, and what the server says', async () => {
    const { service } = connect();
    const dn = `uid=mia,${PEOPLE}`;
    const text = (...values: string[]) => values.map((value) => Buffer.from(value));
    await service.modify(dn, [
      { operation: 'add', attribute: 'description', values: text('one', 'two') },
      { operation: 'replace', attribute: 'jpegPhoto', values: [PHOTO] },
    ]);
    await service.modify(dn, [{ operation: 'delete', attribute: 'description', values: text('one') }]);
    const [entry] = await service.search(search('(uid=mia)', { attributes: ['description', 'jpegPhoto'] }));
    assert.deepEqual(new Map(entry?.attributes).get('description'), text('two'));
    assert.deepEqual(new Map(entry?.attributes).get('jpegPhoto'), [PHOTO]);
    const half = service.modify(dn, [
      { operation: 'delete', attribute: 'description', values: [] },
      { operation: 'add', attribute: 'nosuchattribute', values: text('x') },
    ]);
    assert.match(await refusal(half), /^LDAP Result Code 17 "Undefined Type": .*nosuchattribute/);
    const [after] = await service.search(search('(uid=mia)', { attributes: ['description'] }));
    assert.deepEqual(new Map(after?.attributes).get('description'), text('two'));
    const nobody = service.modify(`uid=nobody,${PEOPLE}`, [
      { operation: 'replace', attribute: 'sn', values: text('x') },
    ]);
    assert.match(await refusal(nobody), /^LDAP Result Code 32 "No Such Object"/);
    assert.match(await refusal(service.modify('no dn', [])), /^LDAP Result Code (34|2) /);
  });

  test('passwords, encrypted or not; an empty one is never right', async () => {
    const dn = `uid=mia,${PEOPLE}`;
    const kinds = [[], ['starttls: true'], [`server_uri: ${server.tlsUri}`]];
    for (const kind of kinds) {
      const { service } = connect([...kind, `tls_ca_cert: "${server.authorityFile}"`]);
      assert.equal(await service.checkPassword(dn, new Secret('mia')), true);
      assert.equal(await service.checkPassword(dn, new Secret('tom')), false);
      assert.equal(await service.checkPassword(dn, new Secret('')), false);
      assert.equal(await service.checkPassword('', new Secret('mia')), false);
      assert.equal(await service.checkPassword(`uid=nobody,${PEOPLE}`, new Secret('mia')), false);
      assert.equal(await service.checkPassword(dn, new Secret('mia\xff')), false);
    }
  });

  test('a server that cannot be trusted or asked is no wrong password', async () => {
    const dn = `uid=mia,${PEOPLE}`;
    const { service: untrusted } = connect([`server_uri: ${server.tlsUri}`]);
    assert.match(await refusal(untrusted.checkPassword(dn, new Secret('mia'))), /certificate/);
    const { service } = connect([], { operation: 200 });
    assert.equal(await service.checkPassword(dn, new Secret('mia')), true);
    assert.match(await refusal(service.checkPassword('no dn', new Secret('mia'))), /^LDAP Result Code 34 /);
    server.freeze();
    try {
      assert.match(await refusal(service.checkPassword(dn, new Secret('mia'))), /i\/o timeout/);
    } finally {
      server.thaw();
    }
    assert.equal(await service.checkPassword(dn, new Secret('mia')), true);
  });

  test('another user sees and changes only what it may', async () => {
    const { service } = connect([`bind_dn: "uid=tom,${PEOPLE}"`, 'bind_pw: tom']);
    assert.deepEqual(await uids(service, search('(uid=mia)')), ['uid=mia']);
    const change = service.modify(`uid=mia,${PEOPLE}`, [
      { operation: 'replace', attribute: 'sn', values: [Buffer.from('x')] },
    ]);
    assert.match(await refusal(change), /^LDAP Result Code 50 "Insufficient Access/);
  });

  test('STARTTLS and LDAPS, verified', async () => {
    for (const lines of [['starttls: true'], [`server_uri: ${server.tlsUri}`]]) {
      const trusting = connect([...lines, `tls_ca_cert: ${server.authorityFile}`]).service;
      assert.deepEqual(await uids(trusting, search('(uid=tom)')), ['uid=tom']);
      assert.match(await refusal(connect(lines).service.search(search('(uid=tom)'))), /self-signed certificate/);
      const careless = connect([...lines, 'tls_skip_verify: true']).service;
      assert.deepEqual(await uids(careless, search('(uid=tom)')), ['uid=tom']);
    }
  });

  test('a client certificate is shown, and can stand for a bind', async () => {
    const pair = [`tls_client_cert: ${server.authorityFile}`, `tls_client_key: ${server.keyFile}`];
    for (const kind of [['starttls: true'], [`server_uri: ${server.tlsUri}`]]) {
      const lines = [...kind, `tls_ca_cert: ${server.authorityFile}`, 'sasl_external: true'];
      const { service } = connect([...lines, ...pair]);
      assert.deepEqual(await uids(service, search('(uid=mia)')), ['uid=mia']);
      const change = service.modify(`uid=mia,${PEOPLE}`, [
        { operation: 'replace', attribute: 'sn', values: [Buffer.from('x')] },
      ]);
      assert.match(await refusal(change), /^LDAP Result Code 50 /, 'bound as tom, not as the administrator');
      assert.match(await refusal(connect(lines).service.search(search('(uid=mia)'))), /^LDAP Result Code \d+ /);
    }
  });

  test('certificates and keys that cannot be read are a text', async () => {
    const uses = ['starttls: true', `server_uri: ${server.tlsUri}`];
    for (const use of uses) {
      for (const line of ['tls_ca_cert: /none.pem', 'tls_client_cert: /none.pem']) {
        const { service } = connect([use, line]);
        assert.match(await refusal(service.search(search('(uid=mia)'))), /none\.pem is not readable: ENOENT$/);
      }
      const broken = connect([use, `tls_client_cert: ${server.keyFile}`, `tls_client_key: ${server.keyFile}`]).service;
      assert.match(await refusal(broken.search(search('(uid=mia)'))), /PEM|certificate|no start line/);
    }
  });

  test('a wrong password is a text without the password', async () => {
    const text = await refusal(connect(['bind_pw: wrong-secret']).service.search(search('(uid=tom)')));
    assert.match(text, /^LDAP Result Code 49 "Invalid Credentials"/);
    assert.ok(!text.includes('wrong-secret'));
  });

  test('a filter that is none is a text, and nothing is asked', async () => {
    assert.match(
      await refusal(connect().service.search(search('((broken'))),
      /^LDAP Result Code 201 "Filter Compile Error"/,
    );
  });

  test('servers are tried in their order', async () => {
    const { service } = connect([`server_uri: [ "ldap://127.0.0.1:1", "${server.uri}" ]`]);
    assert.deepEqual(await uids(service, search('(uid=tom)')), ['uid=tom']);
    const away = await refusal(connect(['server_uri: ldap://127.0.0.1:1']).service.search(search('(uid=tom)')));
    assert.equal(away, 'dial tcp 127.0.0.1:1: connect: connection refused');
  });

  test('many searches share few connections', async () => {
    const { service, metrics } = connect(['lookup_pool_size: 2', 'lookup_idle_pool_size: 1']);
    const found = await Promise.all(Array.from({ length: 50 }, () => uids(service, search('(uid=tom)'))));
    assert.ok(found.every((each) => each[0] === 'uid=tom'));
    const page = await metrics.text();
    assert.match(page, /^ldap_pool_open_connections_total\{pool="lookup"\} 2$/m);
    assert.match(page, /^ldap_pool_connections_total\{pool="lookup"\} 0$/m);
    assert.match(page, /^ldap_pool_size\{pool="lookup"\} 2$/m);
  });

  test('a server that was started again is used again, by plain and encrypted connections', async () => {
    const plain = connect(['lookup_pool_size: 2']).service;
    const encrypted = connect(['starttls: true', 'tls_skip_verify: true']).service;
    const all = () => Promise.all([plain, encrypted].map((service) => uids(service, search('(uid=tom)'))));
    await all();
    await server.stop('SIGKILL');
    assert.match(await refusal(plain.search(search('(uid=tom)'))), /refused|reset|closed|EOF/);
    await server.restart();
    assert.deepEqual(await all(), [['uid=tom'], ['uid=tom']]);
  });

  test('a server that is silent is given up, and used when it answers again', async () => {
    const { service } = connect(['lookup_pool_size: 1'], { connect: 300, operation: 300 });
    await uids(service, search('(uid=tom)'));
    server.freeze();
    // The signal may reach the server a moment after the next request.
    await new Promise((resolve) => setTimeout(resolve, 50));
    try {
      const begin = performance.now();
      assert.match(await refusal(service.search(search('(uid=tom)'))), /i\/o timeout/);
      assert.ok(performance.now() - begin < 5000);
    } finally {
      server.thaw();
    }
    assert.deepEqual(await uids(service, search('(uid=tom)')), ['uid=tom']);
  });

  test('after closing there are no answers', async () => {
    const { service } = connect();
    await uids(service, search('(uid=tom)'));
    service.close();
    assert.equal(await refusal(service.search(search('(uid=tom)'))), 'context canceled');
  });
});

describe('a pool', () => {
  function open(size: number, idle: number) {
    const clock = testClock();
    const made: { isUsable: boolean; isClosed: boolean; close(): void }[] = [];
    const pool = createPool({
      clock,
      size,
      idle,
      waitMs: 1000,
      report: () => undefined,
      open: async () => {
        const connection = {
          isUsable: true,
          isClosed: false,
          close() {
            this.isClosed = true;
            this.isUsable = false;
          },
        };
        made.push(connection);
        return connection;
      },
    });
    return { clock, made, pool };
  }

  test('has a limit; who waits too long gets an error, and nobody a connection twice', async () => {
    const { clock, made, pool } = open(2, 2);
    const finish: (() => void)[] = [];
    const hold = () => pool.use(() => new Promise<void>((resolve) => void finish.push(resolve)), false);
    const held = [hold(), hold()];
    const late = hold();
    const refused = refusal(late);
    await new Promise(setImmediate);
    clock.advance(1000);
    assert.equal(await refused, 'no connection became free within 1 s');
    const next = hold();
    finish.shift()?.();
    await held[0];
    await new Promise(setImmediate);
    finish.shift()?.();
    finish.shift()?.();
    await Promise.all([held[1], next]);
    assert.equal(made.length, 2);
  });

  test('keeps only so many connections that have nothing to do', async () => {
    const { clock, made, pool } = open(5, 2);
    await Promise.all(Array.from({ length: 5 }, () => pool.use(async () => new Promise(setImmediate), false)));
    assert.equal(made.length, 5);
    clock.advance(60_000);
    assert.equal(made.filter(({ isClosed }) => isClosed).length, 3);
    await pool.use(async (connection) => assert.equal(connection.isUsable, true), false);
    pool.close();
    assert.ok(made.every(({ isClosed }) => isClosed));
  });

  test('does not hand out what died meanwhile', async () => {
    const { made, pool } = open(1, 1);
    await pool.use(async () => undefined, false);
    made[0]!.isUsable = false;
    await pool.use(async (connection) => assert.equal(connection, made[1]), false);
    assert.equal(made[0]!.isClosed, true);
  });
});

describe('filters', () => {
  test('that are none say where', () => {
    const broken = [
      '',
      'uid=x',
      '(uid=x',
      '(uid=x))',
      '((uid=x))',
      '(!)',
      '(!(a=b)(c=d))',
      '(=x)',
      '(a)',
      '(a=\\zz)',
      '(a=\\4)',
    ];
    for (const text of [
      ...broken,
      '(a b=c)',
      '(a=b)(c=d)',
      '(:=x)',
      '(&(a=b)',
      `${'(!'.repeat(200)}(a=b)${')'.repeat(200)}`,
    ]) {
      assert.throws(() => parseFilter(text), FilterError, text);
    }
  });

  test('with an escaped value compare with exactly these bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 40 }), (bytes) => {
        const value = Buffer.from(bytes).toString('latin1');
        const node = parseFilter(`(uid=${escapeFilterValue(value)})`);
        assert.deepEqual(node, { kind: 'equal', attribute: 'uid', value: Buffer.from(bytes) });
      }),
    );
  });

  test('names are escaped as RFC 4514 has it', () => {
    const cases = [
      ['James "Jim" Smith, III', 'James \\"Jim\\" Smith\\, III'],
      ['#1 ', '\\#1\\ '],
      [' a ', '\\ a\\ '],
      [' ', '\\ '],
      ['a\\b;c<d>e=f+g', 'a\\\\b\\;c\\<d\\>e\\=f\\+g'],
      ['Before\rAfter\0', 'Before\\0dAfter\\00'],
      ['\\ ', '\\\\\\ '],
    ] as const;
    for (const [value, escaped] of cases) assert.equal(escapeDnValue(value), escaped);
  });
});
