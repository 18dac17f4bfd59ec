/**
 * Every function and method of every module with arguments nobody should give: it answers with a Lua error or with results,
 * soon, and never in the words of JavaScript. New modules are under test by being there.
 */
import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { get } from 'node:http';
import { createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { entries, index, LuaTable, type LuaValue, rawGet, tableFromEntries } from '../../runtime/engine/api.ts';
import { describeModule } from '../../runtime/host/manifest.ts';
import { describeGlobals } from '../../runtime/index.ts';
import modules from '../../runtime/modules/index.gen.ts';
import { type OpenedServices, systemClock } from '../../runtime/services/index.ts';
import { freePort } from '../servers/redis.ts';
import { shown } from './bad-values.ts';
import { EVERYTHING_CONFIGURED } from './everything-configured.ts';
import { Probe, probeFunctions, probeMethods } from './probe.ts';
import { services } from './script.ts';

let opened: OpenedServices;
let folder = '';
/** Of a server that takes connections and says nothing. */
let address = '';
const silent = createServer((socket) => void visitors.push(socket.on('error', () => {})));
const visitors: Socket[] = [];
/** Where somebody asks again and again, in case a script listens there. */
let visited = '';
let visits: NodeJS.Timeout;
const outside = process.cwd();

before(async () => {
  folder = mkdtempSync(join(tmpdir(), 'nauthilus-bad-input-'));
  process.chdir(folder);
  writeFileSync('seed.txt', 'one\ntwo\n');
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  writeFileSync('seed.pem', privateKey.export({ type: 'pkcs1', format: 'pem' }));
  visited = `127.0.0.1:${await freePort()}`;
  visits = setInterval(() => get(`http://${visited}/`, { agent: false }).on('error', () => {}), 50);
  silent.listen(0, '127.0.0.1');
  await once(silent, 'listening');
  const bound = silent.address();
  address = `127.0.0.1:${typeof bound === 'object' && bound !== null ? bound.port : 0}`;
  // Sleeps are over at once: how long a script may wait is not the question here.
  opened = await services(EVERYTHING_CONFIGURED, { clock: { ...systemClock, sleep: async () => {} } });
});
after(async () => {
  clearInterval(visits);
  await opened.close();
  silent.close();
  for (const socket of visitors) socket.destroy();
  process.chdir(outside);
  rmSync(folder, { recursive: true, force: true });
});

/** Calls that give an object whose methods can be tried, where the calls with plain values give none. */
const seeds = (): Readonly<Record<string, readonly LuaValue[]>> => ({
  'nauthilus_gll_tcp open': [address],
  'nauthilus_gll_tac open': ['seed.txt'],
  'nauthilus_gll_db open': ['sqlite3', ':memory:'],
  'nauthilus_gll_template choose': ['mustache'],
  'nauthilus_gll_storage open': ['seed.json', 'memory'],
  'nauthilus_gll_http server': [visited],
  'nauthilus_gll_chef client': ['policy', 'seed.pem', `http://${address}/`],
  'nauthilus_gll_zabbix new': [tableFromEntries([['url', `http://${address}`]])],
  'nauthilus_gll_prometheus counter': [tableFromEntries([['name', 'seed']])],
});

/** Objects that only something else hands out; the tests of their modules have them. */
const NOT_BY_CALL = new Set(['argparse.Element', 'channel', 'channel_library', 'http_server_request', 'stmt_ud']);

/** An object of each kind, if one can be had: methods are tried on it. */
async function sow(probe: Probe, owner: LuaTable, loader: string): Promise<void> {
  for (const [seed, args] of Object.entries(seeds())) {
    const [of, name = ''] = seed.split(' ');
    if (of !== loader) continue;
    const [fn] = await probe.run(() => index(owner, name), []);
    if (typeof fn === 'function') probe.call(name, fn, { args, shown: shown(args) });
  }
  await probe.settled();
}

for (const definition of modules) {
  const { functions, userdata, loader, requires } = describeModule(definition);
  test(`${loader} ${requires[0]} answers bad input in the words of Lua`, async () => {
    const probe = new Probe(definition.classes.includes('filter') ? 'filter' : definition.classes[0]!, opened);
    const require = rawGet(probe.env.globals, 'require');
    const load = rawGet(probe.env.globals, 'dynamic_loader');
    if (typeof require !== 'function' || typeof load !== 'function') throw new Error('no require');
    await probe.run(load, [loader]);
    const [table] = await probe.run(require, [requires[0]]);
    assert.ok(table instanceof LuaTable);
    probe.keep([...entries(table)].map(([, value]) => value));
    await sow(probe, table, loader);
    await probeFunctions(probe, table, functions);
    for (const { name, methods } of userdata) {
      const isTried = methods.length === 0 || probe.objects.has(name) || NOT_BY_CALL.has(name);
      assert.ok(isTried, `no call gives a ${name}: add one to the seeds`);
      await probeMethods(probe, name, methods);
    }
    opened.listeners.close();
    assert.deepEqual(probe.problems(), []);
  });
}

for (const scriptClass of ['feature', 'backend', 'filter', 'action'] as const) {
  test(`the globals of the class ${scriptClass} answer bad input in the words of Lua`, async () => {
    const probe = new Probe(scriptClass, opened);
    const { functions, tables } = describeGlobals();
    await probeFunctions(probe, probe.env.globals, functions);
    for (const { name, functions: own, userdata } of tables.filter((each) => each.scriptClass === scriptClass)) {
      const table = rawGet(probe.env.globals, name);
      assert.ok(table instanceof LuaTable);
      await probeFunctions(probe, table, own);
      for (const kind of userdata) {
        assert.ok(probe.objects.has(kind.name));
        await probeMethods(probe, kind.name, kind.methods);
      }
    }
    assert.deepEqual(probe.problems(), []);
  });
}
