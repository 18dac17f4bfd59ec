/** Logins that a real slapd decides: attributes, masters, outages, and filters that nobody can bend. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { unknownMacros } from '../../runtime/config/index.ts';
import { fillFilter } from '../../runtime/pipeline/backends/ldap-filter.ts';
import { compileSources, configOf, configText, loginHeaders, startServer, type TestServer } from '../login-server.ts';
import { opensslMissing } from '../servers/certificate.ts';
import { freePort } from '../servers/redis.ts';
import { ADMIN, type SlapdServer, SUFFIX, slapdMissing, startSlapd } from '../servers/slapd.ts';

const INPUT = {
  protocol: 'imap',
  localIp: '127.0.0.1',
  localPort: '143',
  client: { ip: '192.0.2.7', port: '4711', hostname: '', id: '' },
};

function ldapSection(uris: readonly string[], block: readonly string[] = []): string {
  return [
    'ldap:',
    `  config: { server_uri: [${uris.map((uri) => `"${uri}"`).join(', ')}], bind_dn: "${ADMIN.dn}", bind_pw: ${ADMIN.password}, auth_pool_size: 2 }`,
    '  search:',
    '    - protocol: imap',
    `      base_dn: "${SUFFIX}"`,
    '      filter: { user: "(&(objectClass=inetOrgPerson)(uid=%L{user}))", list_accounts: "(mail=*)" }',
    '      mapping: { account_field: UID, totp_secret_field: description, unique_user_id_field: sn }',
    '      attribute: [UID, mail, sn, description]',
    ...block.map((line) => `      ${line}`),
  ].join('\n');
}

describe('with slapd', { skip: slapdMissing || opensslMissing }, () => {
  let slapd: SlapdServer;
  before(async () => {
    slapd = await startSlapd();
  });
  after(() => slapd?.close());

  const login = (server: TestServer, user: string, password: string, query = '') =>
    server.request({ url: `/api/v1/auth/json?in-memory=0${query}`, ...jsonLogin(user, password) });
  const jsonLogin = (username: string, password: string) => ({
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ username, password, service: 'imap', client_ip: '192.0.2.7' }),
  });
  const start = (uris: readonly string[] = [slapd.uri], server = 'backends: [ldap]') =>
    startServer(configText(server, ldapSection(uris)), {});

  test('attributes come under the names of the configuration, whatever their case in the directory', async () => {
    const server = await start();
    const answer = await login(server, 'Mia', 'mia');
    assert.equal(answer.status, 200);
    assert.equal(answer.headers['auth-user'], 'mia');
    assert.deepEqual(JSON.parse(answer.body), {
      passdb_backend: 2,
      account_field: 'UID',
      totp_secret_field: 'description',
      webauth_userid_field: null,
      display_name_field: null,
      attributes: {
        UID: ['mia'],
        dn: [`uid=mia,ou=people,${SUFFIX}`],
        mail: ['mia@example.test', 'm@example.test'],
        sn: ['M'],
      },
    });
  });

  test('an empty, a wrong and a never set password are wrong, and no password gets into the log', async () => {
    const server = await start();
    assert.equal((await login(server, 'mia', '')).status, 403);
    assert.equal((await login(server, 'mia', 'Mia')).status, 403);
    assert.equal((await login(server, 'joerg', 'x')).status, 403);
    assert.equal((await login(server, 'mia', 'canary-4711')).status, 403);
    assert.doesNotMatch(server.output(), /canary-4711|bind_pw/);
  });

  test('many logins at once share the connections for binds', async () => {
    const server = await start();
    const users = ['mia', 'tom', 'mia', 'tom', 'mia', 'tom', 'mia', 'tom'];
    const answers = await Promise.all(users.map((user, at) => login(server, user, at < 4 ? user : 'wrong')));
    assert.deepEqual(
      answers.map(({ status }) => status),
      [200, 200, 200, 200, 403, 403, 403, 403],
    );
    assert.equal(await server.services.metrics.value('ldap_pool_open_connections_total', { pool: 'auth' }), 2);
  });

  test('the next server is asked when one cannot be reached', async () => {
    const server = await start([`ldap://127.0.0.1:${await freePort()}`, slapd.uri]);
    assert.equal((await login(server, 'tom', 'tom')).status, 200);
    assert.equal((await login(server, 'tom', 'mot')).status, 403);
  });

  test('a directory that is away is a temporary failure, and nobody has sent a wrong password', async () => {
    const rules = ['backends: [ldap]', 'features: [brute_force]', 'brute_force_protocols: [imap]'].join('\n');
    const section = `${ldapSection([slapd.uri])}\nbrute_force: { buckets: [{ name: one, period: 600, cidr: 32, ipv4: true, failed_requests: 1 }] }`;
    const server = await startServer(configText(rules, section), {});
    assert.equal((await login(server, 'tom', 'tom')).status, 200);
    await slapd.stop();
    assert.equal((await login(server, 'tom', 'x')).status, 500);
    assert.equal((await login(server, 'tom', 'y')).status, 500);
    const line = server.lines().find(({ passdb }) => passdb === 'ldap');
    assert.match(line?.msg ?? '', /connection refused/);
    await slapd.restart();
    assert.equal((await login(server, 'tom', 'tom')).status, 200);
  });

  test('a master gets the data of the user, with the second factor of the master', async () => {
    const server = await start([slapd.uri], 'backends: [ldap]\nmaster_user: { enabled: true, delimiter: "*" }');
    const describeAs = (uid: string, ...values: string[]) =>
      server.services.ldap!.modify(`uid=${uid},ou=people,${SUFFIX}`, [
        { operation: 'replace', attribute: 'description', values: values.map((value) => Buffer.from(value)) },
      ]);
    await describeAs('mia', 'MIAS2FA');
    const without: unknown = JSON.parse((await login(server, 'mia*tom', 'tom')).body);
    assert.equal(Object(without).attributes.description, undefined);
    await describeAs('tom', 'TOMS2FA');
    const masters: unknown = JSON.parse((await login(server, 'mia*tom', 'tom')).body);
    assert.deepEqual(Object(masters).attributes.description, ['TOMS2FA']);
    assert.deepEqual(Object(masters).attributes.UID, ['mia']);
    assert.equal((await login(server, 'mia*tom', 'mia')).status, 403);
    const headers = await server.request({ url: '/api/v1/auth/header', headers: loginHeaders('tom', 'tom') });
    assert.equal(headers.headers['x-nauthilus-description'], undefined);
    await describeAs('mia');
    await describeAs('tom');
  });

  test('the memory cache never answers a master', async () => {
    const server = await start([slapd.uri], 'backends: [ldap]\nmaster_user: { enabled: true, delimiter: "*" }');
    for (const _ of [1, 2]) {
      const answer = await server.request({ url: '/api/v1/auth/header', headers: loginHeaders('mia*tom', 'tom') });
      assert.equal(answer.headers['x-nauthilus-memory-cache'], 'Miss');
    }
  });

  test('several entries for one name are in the log, and the first one decides', async () => {
    const server = await startServer(
      configText('backends: [ldap]', ldapSection([slapd.uri]).replace('(uid=%L{user})', '(|(uid=%L{user})(uid=tom))')),
      {},
    );
    const answers = [await login(server, 'mia', 'mia'), await login(server, 'mia', 'tom')];
    assert.deepEqual(answers.map(({ status }) => status).sort(), [200, 403]);
    assert.ok(server.lines().some(({ msg }) => msg?.startsWith('The LDAP filter finds 2 entries')));
  });

  test('the secret of a second factor is stored with the user, for callers of the API only', async () => {
    const basic = 'backends: [ldap, lua]\nbasic_auth: { enabled: true, username: api, password: api-secret }';
    const lua = `function nauthilus_backend_add_totp(request)
        if request.username ~= "ann" then error("no " .. request.username .. request.totp_secret) end
        return nauthilus_builtin.BACKEND_RESULT_OK
      end`;
    const section = `${ldapSection([slapd.uri])}\nlua: { config: { backend_script_path: b.lua } }`;
    const server = await startServer(configText(basic, section), { 'b.lua': lua });
    const authorization = `Basic ${Buffer.from('api:api-secret').toString('base64')}`;
    const add = async (username: string, headers: Record<string, string> = { authorization }) => {
      const body = JSON.stringify({ username, protocol: 'imap', totp_secret: 'CANARYTOTP' });
      return (await server.request({ url: '/api/v1/totp/add', headers, body })).status;
    };
    assert.equal(await add('mia', {}), 401);
    assert.equal(await add('mia'), 200);
    const [entry] = await server.services.ldap!.search({
      baseDn: `uid=mia,ou=people,${SUFFIX}`,
      scope: 'base',
      filter: '(objectClass=*)',
      attributes: ['description'],
    });
    assert.deepEqual(entry?.attributes, [['description', [Buffer.from('CANARYTOTP')]]]);
    assert.equal(await add('ann'), 200);
    assert.equal(await add('bob'), 500);
    assert.doesNotMatch(server.output(), /CANARYTOTP/);
    const open = await start();
    const body = JSON.stringify({ username: 'mia', totp_secret: 'x' });
    assert.equal((await open.request({ url: '/api/v1/totp/add', body })).status, 403);
  });

  test('a reload opens the connections of a backend that is new, and is refused when that cannot be done', async () => {
    const lua = { 'b.lua': 'function nauthilus_backend_verify_password() end' };
    const before = 'lua: { config: { backend_script_path: b.lua } }';
    const server = await startServer(configText('backends: [lua]', before), lua);
    const reload = (uri: string) => {
      const config = configOf(configText('backends: [ldap, lua]', `${before}\n${ldapSection([uri])}`));
      return server.server.swap({ program: compileSources(config, lua), config });
    };
    const directory = () => server.server.services.ldap;
    await assert.rejects(reload(`ldap://127.0.0.1:${await freePort()}`), /ldap\.config cannot be used: .*refused/);
    assert.equal(directory(), undefined);
    await reload(slapd.uri);
    await directory()?.reach();
    assert.equal((await login(server, 'Mia', 'mia')).status, 200);
  });
});

test('macros stand for what is asked, changed as their letters say', () => {
  const fill = (template: string, user = 'Mia.M@Example.test') => fillFilter(template, user, INPUT);
  assert.equal(fill('(uid=%s)'), '(uid=Mia.M@Example.test)');
  assert.equal(fill('%{user} %L{user} %U{user}'), 'Mia.M@Example.test mia.m@example.test MIA.M@EXAMPLE.TEST');
  assert.equal(fill('%{username} %{domain}'), 'Mia.M Example.test');
  assert.equal(fill('%{username} %{domain}', 'a@b@c'), 'a@b@c ');
  assert.equal(fill('%LR{username} %UL{username}'), 'm.aim MIA.M');
  assert.equal(fill('[%T{user}]', '  mia '), '[mia]');
  assert.equal(
    fill('%{service} %{local_ip} %{local_port} %{remote_ip} %{remote_port}'),
    'imap 127.0.0.1 143 192.0.2.7 4711',
  );
  assert.equal(fill('100% (50%)'), '100% (50%)');
});

test('values are nothing but values: no wildcard, no macro, no filter', () => {
  const fill = (user: string) => fillFilter('(uid=%L{user})', user, { ...INPUT, protocol: '%{user}' });
  assert.equal(fill('*'), '(uid=\\2a)');
  assert.equal(fill('a)(uid=*'), '(uid=a\\29\\28uid=\\2a)');
  assert.equal(fill('$1$&%s%{domain}'), '(uid=$1$&%s%{domain})');
  assert.equal(fill(Buffer.from('JÖRG').toString('latin1')), '(uid=j\\c3\\b6rg)');
  assert.equal(fillFilter('(a=%{service})', 'mia', { ...INPUT, protocol: '%{user}' }), '(a=%{user})');
});

test('macros that nobody knows are named', () => {
  assert.deepEqual(unknownMacros('(&(uid=%L{user})(cn=%s)(a=100%))'), []);
  assert.deepEqual(unknownMacros('(|(a=%{usr})(b=%X{user})(c=%{}))'), ['%{usr}', '%X{user}', '%{}']);
});
