/**
 * Every function and method of every module with arguments nobody should give: it answers with a Lua error or with results,
 * soon, and never in the words of JavaScript. New modules are under test by being there.
 */
import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { get } from 'node:http';
import { createServer, type Socket } from 'node:net';
import { after, before, test } from 'node:test';
import { compileInMemory } from '../../compiler/build/in-memory.ts';
import { index, type LuaTable, type LuaValue, tableFromEntries } from '../../runtime/engine/api.ts';
import { describeModule } from '../../runtime/host/manifest.ts';
import modules from '../../runtime/modules/index.gen.ts';
import { freePort } from '../servers/redis.ts';
import { shown } from './bad-values.ts';
import { Probe, probeFunctions, probeMethods } from './probe.ts';
import { probeServices } from './probe-services.ts';
import { manifest } from './program.ts';

const opened = probeServices();
/** Of a server that takes connections and says nothing. */
let address = '';
const silent = createServer((socket) => void visitors.push(socket.on('error', () => {})));
const visitors: Socket[] = [];
/** Where somebody asks again and again, in case a script listens there. */
let visited = '';
let visits: NodeJS.Timeout;

before(async () => {
  writeFileSync('seed.txt', 'one\ntwo\n');
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  writeFileSync('seed.pem', privateKey.export({ type: 'pkcs1', format: 'pem' }));
  visited = `127.0.0.1:${await freePort()}`;
  visits = setInterval(() => get(`http://${visited}/`, { agent: false }).on('error', () => {}), 50);
  silent.listen(0, '127.0.0.1');
  await once(silent, 'listening');
  const bound = silent.address();
  address = `127.0.0.1:${typeof bound === 'object' && bound !== null ? bound.port : 0}`;
});
after(() => {
  clearInterval(visits);
  silent.close();
  for (const socket of visitors) socket.destroy();
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

/** Parsers, commands, arguments and options have different methods, which are described together. */
const PARSER_AND_PARTS = `
  local parser = require("argparse")("seed")
  local parts = { parser, parser:command("command"), parser:argument("argument"), parser:option("--option") }
  return setmetatable({}, { __index = function(_, key)
    for _, part in ipairs(parts) do if part[key] ~= nil then return part[key] end end
  end })`;

/** Objects that only another object hands out, or the environment: what gives them, with the object named behind `from`. */
const GROWN: Readonly<Record<string, { readonly source: string; readonly from?: string }>> = {
  'argparse.Element': { source: PARSER_AND_PARTS },
  channel: { source: 'return channel.make(1)' },
  channel_library: { source: 'return channel' },
  http_server_request: { source: 'local server = ... return (server:accept())', from: 'http_server_ud' },
  stmt_ud: { source: 'local database = ... return (database:stmt("select ?"))', from: 'db_ud' },
};

/** Threads take their time to start. */
const GROWING_MS = 20_000;

async function grow(probe: Probe, kind: string): Promise<void> {
  const grown = GROWN[kind];
  if (grown === undefined || probe.objects.has(kind)) return;
  const { chunks } = compileInMemory([{ name: 'seed.lua', source: grown.source }], manifest);
  const chunk = chunks.get('seed.lua');
  assert.ok(chunk);
  const [value] = await probe.run(chunk.instantiate(probe.env), [probe.objects.get(grown.from ?? '')], GROWING_MS);
  probe.objects.set(kind, value);
}

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
    const probe = new Probe(definition.classes.includes('filter') ? 'filter' : definition.classes[0]!, opened());
    const table = await probe.require(loader, requires[0]!);
    await sow(probe, table, loader);
    for (const { name } of userdata) await grow(probe, name);
    await probeFunctions(probe, table, functions);
    for (const { name, methods } of userdata) {
      const isTried = methods.length === 0 || probe.objects.get(name) !== undefined;
      assert.ok(isTried, `no call gives a ${name}: add one to the seeds`);
      await probeMethods(probe, name, methods);
    }
    opened().listeners.close();
    assert.deepEqual(probe.problems(), []);
  });
}
