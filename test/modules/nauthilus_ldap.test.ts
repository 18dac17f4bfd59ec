/** ldap_search and ldap_modify as scripts call them, at a real slapd. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import {
  entries,
  fromUtf8,
  LuaTable,
  type LuaValue,
  tableFromArray,
  tableFromEntries,
} from '../../runtime/engine/api.ts';
import ldap from '../../runtime/modules/nauthilus_ldap.ts';
import type { OpenedServices } from '../../runtime/services/index.ts';
import { opensslMissing } from '../servers/certificate.ts';
import { ADMIN, PHOTO, type SlapdServer, SUFFIX, slapdMissing, startSlapd } from '../servers/slapd.ts';
import { Script, services } from './script.ts';

const table = (own: Readonly<Record<string, LuaValue>>) => tableFromEntries(Object.entries(own));
const list = (...values: readonly string[]) => tableFromArray(values);

function plain(value: LuaValue): unknown {
  if (!(value instanceof LuaTable)) return value;
  return Object.fromEntries([...entries(value)].map(([key, each]) => [String(key), plain(each)]));
}

async function configured(uri: string): Promise<{ opened: OpenedServices; script: Script; module: LuaTable }> {
  const opened = await services(
    [
      'server: { backends: [ldap, lua] }',
      'ldap:',
      '  config:',
      `    server_uri: ${uri}`,
      `    bind_dn: "${ADMIN.dn}"`,
      `    bind_pw: ${ADMIN.password}`,
      '    pool_only: true',
      'lua: { config: { backend_script_path: b.lua } }',
    ].join('\n'),
  );
  const script = new Script(opened, [ldap], { scriptClass: 'filter' });
  return { opened, script, module: await script.require('nauthilus_ldap', 'nauthilus_ldap') };
}

const QUERY: Readonly<Record<string, LuaValue>> = {
  session: 'abc',
  basedn: SUFFIX,
  filter: '(uid=mia)',
  scope: 'sub',
  attributes: list('uid', 'mail'),
};

describe('with slapd', { skip: slapdMissing || opensslMissing }, () => {
  let server: SlapdServer;
  let opened: OpenedServices;
  let script: Script;
  let module: LuaTable;

  before(async () => {
    server = await startSlapd();
    ({ opened, script, module } = await configured(server.uri));
  });
  after(async () => {
    await opened?.close();
    await server?.close();
  });

  const search = async (changes: Readonly<Record<string, LuaValue>>) =>
    (await script.call(module, 'ldap_search', table({ ...QUERY, ...changes }))).map(plain);

  test('values by the names that were asked for, and the names of the entries', async () => {
    const attributes = list('UID', 'cn', 'sn', 'telephoneNumber');
    const [found, ...none] = await search({ filter: '(|(uid=mia)(uid=tom))', attributes });
    const dn = { 1: `uid=mia,ou=people,${SUFFIX}`, 2: `uid=tom,ou=people,${SUFFIX}` };
    const expected = { dn, UID: { 1: 'mia', 2: 'tom' }, cn: { 1: 'Mia', 2: 'Tom' }, sn: { 1: 'M', 2: 'T' } };
    assert.deepEqual([found, none], [expected, []]);
  });

  test('bytes stay bytes, all attributes can be asked for', async () => {
    const bytes = PHOTO.toString('latin1');
    assert.deepEqual(
      plain(
        (
          await script.call(
            module,
            'ldap_search',
            table({ ...QUERY, filter: '(uid=tom)', attributes: list('jpegPhoto') }),
          )
        )[0],
      ),
      {
        dn: { 1: `uid=tom,ou=people,${SUFFIX}` },
        jpegPhoto: { 1: bytes },
      },
    );
    const [all] = await search({ filter: '(uid=tom)', attributes: list('*') });
    assert.deepEqual(Object.keys(all as object).sort(), [
      'cn',
      'dn',
      'jpegPhoto',
      'mail',
      'objectClass',
      'sn',
      'uid',
      'userPassword',
    ]);
    const [umlaut] = await search({ filter: fromUtf8('(cn=Jörg*)'), attributes: list('cn') });
    assert.deepEqual((umlaut as Record<string, unknown>).cn, { 1: fromUtf8('Jörg (Chef) *') });
  });

  test('nothing found is an empty table', async () => {
    assert.deepEqual(await search({ filter: '(uid=nobody)' }), [{}]);
    assert.deepEqual(await search({ basedn: 'ou=nowhere,dc=example,dc=test' }), [{}]);
  });

  test('what the server refuses is nil and a text', async () => {
    const [nothing, text] = await search({ filter: '((broken' });
    assert.equal(nothing, undefined);
    assert.match(String(text), /^LDAP Result Code 201 /);
    assert.match(String((await search({ basedn: 'no dn' }))[1]), /^LDAP Result Code 34 /);
  });

  test('scopes may have blanks, an empty one is sub', async () => {
    assert.deepEqual(await search({ scope: ' base ', filter: '(dc=example)', attributes: list('dc') }), [
      { dn: { 1: SUFFIX }, dc: { 1: 'example' } },
    ]);
    assert.equal(((await search({ scope: '', session: '' }))[0] as { uid: unknown }).uid !== undefined, true);
  });

  test('changes', async () => {
    const change = async (own: Readonly<Record<string, LuaValue>>) =>
      script.call(module, 'ldap_modify', table({ dn: `uid=mia,ou=people,${SUFFIX}`, ...own }));
    assert.deepEqual(await change({ add: table({ description: list('one', 'two'), title: 12 }) }), ['OK']);
    assert.deepEqual(
      await change({ replace: table({ description: 'three' }), delete: table({ title: new LuaTable() }) }),
      ['OK'],
    );
    const [found] = await search({ attributes: list('description', 'title') });
    assert.deepEqual(found, { dn: { 1: `uid=mia,ou=people,${SUFFIX}` }, description: { 1: 'three' } });
    const [nothing, text] = await change({ add: table({ nosuch: 'x' }) });
    assert.equal(nothing, undefined);
    assert.match(String(text), /^LDAP Result Code 17 /);
  });

  test('mistakes in a query are Lua errors', async () => {
    for (const key of Object.keys(QUERY)) {
      await assert.rejects(search({ [key]: undefined }), new RegExp(`${key} is required`));
      await assert.rejects(search({ [key]: false }), new RegExp(`${key} is required`));
      const kind = key === 'attributes' ? 'table' : 'string';
      await assert.rejects(search({ [key]: 12 }), new RegExp(`${key} should be a ${kind}`));
    }
    await assert.rejects(search({ scope: 'everything' }), /LDAP scope not detected: everything/);
    for (const value of ['x', 1, undefined]) {
      await assert.rejects(script.call(module, 'ldap_search', value), /#1 .*table expected, got/);
      await assert.rejects(script.call(module, 'ldap_modify', value), /#1 .*table expected, got/);
    }
    const modify = (own: Readonly<Record<string, LuaValue>>) => script.call(module, 'ldap_modify', table(own));
    await assert.rejects(modify({}), /dn is required/);
    await assert.rejects(modify({ dn: 'x' }), /add, delete or replace is required/);
    await assert.rejects(modify({ dn: 'x', add: 'y' }), /add should be a table/);
  });

  test('odd bytes anywhere are a text or an empty result', async () => {
    for (const odd of ['\xff\xfe\0', 'x'.repeat(100_000), '\r\n', '*)(uid=*']) {
      const outcomes = [
        await search({ filter: odd }),
        await search({ basedn: odd }),
        await search({ attributes: list(odd) }),
      ];
      for (const [found, text] of outcomes) assert.equal(found === undefined, typeof text === 'string');
    }
  });
});

describe('without a server', () => {
  let opened: OpenedServices;
  let script: Script;
  let module: LuaTable;

  before(async () => {
    ({ opened, script, module } = await configured('ldap://127.0.0.1:1'));
  });
  after(() => opened.close());

  test('a search is nil and a text', async () => {
    const outcome = await script.call(module, 'ldap_search', table(QUERY));
    assert.deepEqual(outcome, [undefined, 'dial tcp 127.0.0.1:1: connect: connection refused']);
  });

  test('values are escaped for filters and for names', async () => {
    assert.deepEqual(await script.call(module, 'escape_filter', 'a*(b)\\\xff\0'), ['a\\2a\\28b\\29\\5c\\ff\\00']);
    assert.deepEqual(await script.call(module, 'escape_dn', '#a, b '), ['\\#a\\, b\\ ']);
    for (const name of ['escape_filter', 'escape_dn']) {
      await assert.rejects(script.call(module, name), /#1 .*string expected, got no value/);
      await assert.rejects(script.call(module, name, new LuaTable()), /#1 .*string expected, got table/);
      assert.deepEqual(await script.call(module, name, 12), ['12']);
    }
  });
});

test('without the backend the module is refused', async () => {
  const opened = await services();
  const script = new Script(opened, [ldap]);
  await assert.rejects(script.require('nauthilus_ldap', 'nauthilus_ldap'), /LDAP backend not activated/);
  await assert.rejects(script.require('nauthilus_ldap'), /LDAP backend not activated/);
  await opened.close();
});
