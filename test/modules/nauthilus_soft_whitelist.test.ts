/** What scripts can set, and what it does to logins. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { entries, LuaTable, type LuaValue } from '../../runtime/engine/api.ts';
import softWhitelist from '../../runtime/modules/nauthilus_soft_whitelist.ts';
import type { OpenedServices } from '../../runtime/services/index.ts';
import { configText, loginHeaders, SECRET_BACKEND, startServer } from '../login-server.ts';
import { Script, services } from './script.ts';

describe('the functions', () => {
  let opened: OpenedServices;
  let call: (name: string, ...args: LuaValue[]) => Promise<readonly LuaValue[]>;

  before(async () => {
    opened = await services();
    const script = new Script(opened, [softWhitelist]);
    const module = await script.require('nauthilus_soft_whitelist');
    call = (name, ...args) => script.call(module, `soft_whitelist_${name}`, ...args);
  });
  after(() => opened.close());

  const networks = async (...args: LuaValue[]) => {
    const [found] = await call('get', ...args);
    return found instanceof LuaTable ? [...entries(found)].map(([, network]) => network) : found;
  };

  test('set, get and delete one network of one user and feature', async () => {
    assert.deepEqual(await call('set', 'mia', '192.0.2.0/24', 'brute_force'), [undefined]);
    assert.deepEqual(await call('set', 'mia', '2001:db8::/32', 'brute_force'), [undefined]);
    assert.deepEqual(await networks('mia', 'brute_force'), ['192.0.2.0/24', '2001:db8::/32']);
    assert.deepEqual(await networks('mia', 'rbl'), []);
    assert.deepEqual(await networks('tom', 'brute_force'), []);
    assert.deepEqual(await call('delete', 'mia', '192.0.2.0/24', 'brute_force'), [undefined]);
    assert.deepEqual(await call('delete', 'mia', '192.0.2.0/24', 'brute_force'), [undefined]);
    assert.deepEqual(await networks('mia', 'brute_force'), ['2001:db8::/32']);
  });

  test('a network has one spelling', async () => {
    await call('set', 'ann', '192.0.2.77/24', 'rbl');
    await call('set', 'ann', '192.0.2.0/24', 'rbl');
    await call('set', 'ann', '2001:DB8:0::1/64', 'rbl');
    assert.deepEqual(await networks('ann', 'rbl'), ['192.0.2.0/24', '2001:db8::/64']);
    await call('delete', 'ann', '2001:db8:0:0::/64', 'rbl');
    assert.deepEqual(await networks('ann', 'rbl'), ['192.0.2.0/24']);
  });

  test('what cannot be is a text', async () => {
    for (const network of ['192.0.2.7', '192.0.2.0/33', '', 'x', '0.0.0.0/-1', '\xff/8', '1/8/8']) {
      const [text] = await call('set', 'mia', network, 'rbl');
      assert.match(String(text), /^not a network in CIDR notation/, network);
      assert.match(String((await call('delete', 'mia', network, 'rbl'))[0]), /^not a network/);
    }
    const wrong = "wrong feature 'lua'; known: brute_force, relay_domains, rbl";
    assert.deepEqual(await call('set', 'mia', '192.0.2.0/24', 'lua'), [wrong]);
    assert.deepEqual(await call('get', 'mia', 'lua'), [undefined, wrong]);
    assert.deepEqual(await call('delete', 'mia', '192.0.2.0/24', 'lua'), [wrong]);
    assert.deepEqual(await call('set', '', '192.0.2.0/24', 'rbl'), ['the username is empty']);
    await assert.rejects(call('set', 'mia', '192.0.2.0/24'), /bad argument #3 to '\?' \(string expected/);
  });

  test('a user has at most 1000 networks', async () => {
    for (let at = 0; at < 1000; at++) await opened.softWhitelist.add('rbl', 'full', `10.${at >> 8}.${at & 255}.0/24`);
    assert.deepEqual(await call('set', 'full', '192.0.2.0/24', 'rbl'), ['there are 1000 networks already']);
  });
});

describe('a login', async () => {
  const { request, services: opened } = await startServer(
    configText(
      `
backends: [lua]
features: [brute_force, relay_domains]
brute_force_protocols: [imap]
`,
      `
relay_domains: { static: [ours.test], soft_whitelist: { tom@away.test: [198.51.100.0/24] } }
brute_force:
  soft_whitelist: { ann: 203.0.113.0/24 }
  buckets: [ { name: small, period: 120, cidr: 24, ipv4: true, failed_requests: 2 } ]
lua: { config: { backend_script_path: backend.lua } }
`,
    ),
    {
      'backend.lua': SECRET_BACKEND,
    },
  );
  const login = async (user: string, password: string, ip: string) =>
    (
      await request({
        url: '/api/v1/auth/header?in-memory=0',
        headers: loginHeaders(user, password, { 'Client-IP': ip }),
      })
    ).status;

  test('from an exempted network is not blocked, and its failures block nobody else', async () => {
    await opened.softWhitelist.add('brute_force', 'mia', '192.0.2.0/25');
    for (let at = 0; at < 5; at++) assert.equal(await login('mia', `wrong ${at}`, '192.0.2.7'), 403);
    assert.equal(await login('mia', 'secret', '192.0.2.7'), 200);
    assert.equal(await login('tom', 'secret', '192.0.2.8'), 200);
    // From elsewhere the rule is for her too.
    for (let at = 0; at < 3; at++) await login('mia', `wrong ${at}`, '192.0.2.200');
    assert.equal(await login('mia', 'secret', '192.0.2.200'), 403);
    assert.equal(await login('tom', 'secret', '192.0.2.7'), 403);
    assert.equal(await login('mia', 'secret', '192.0.2.7'), 200);
  });

  test('from a configured network is exempt without a script', async () => {
    for (let at = 0; at < 5; at++) await login('ann', `wrong ${at}`, '203.0.113.9');
    assert.equal(await login('ann', 'secret', '203.0.113.9'), 200);
  });

  test('of a foreign domain passes relay_domains only where the user is exempt', async () => {
    assert.equal(await login('tom@away.test', 'secret', '198.51.100.4'), 200);
    assert.equal(await login('tom@away.test', 'secret', '198.51.101.4'), 403);
    assert.equal(await login('eve@away.test', 'secret', '198.51.100.4'), 403);
    await opened.softWhitelist.add('relay_domains', 'eve@away.test', '198.51.100.4/32');
    assert.equal(await login('eve@away.test', 'secret', '198.51.100.4'), 200);
  });
});
