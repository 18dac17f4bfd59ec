/**
 * Every function and method of every module with arguments nobody should give: it answers with a Lua error or with results,
 * soon, and never in the words of JavaScript. New modules are under test by being there.
 */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import type { HostFunction, HostParameter } from '../../runtime/contract/host.ts';
import {
  Budget,
  BudgetExceeded,
  type Environment,
  entries,
  index,
  LuaError,
  type LuaFunction,
  LuaTable,
  type LuaValue,
  rawGet,
  rawSet,
  runTask,
  setInternalErrorHook,
  tableFromArray,
  tableFromEntries,
  typeName,
} from '../../runtime/engine/api.ts';
import { DEFAULT_PACKAGE_PATH } from '../../runtime/engine/stdlib/index.ts';
import { HostCall } from '../../runtime/host/call.ts';
import type { ModuleDefinition } from '../../runtime/host/define.ts';
import { describeModule } from '../../runtime/host/manifest.ts';
import { Userdata, UserdataKind } from '../../runtime/host/userdata.ts';
import { describeGlobals } from '../../runtime/index.ts';
import { ScriptState } from '../../runtime/login/script-state.ts';
import modules from '../../runtime/modules/index.gen.ts';
import { environmentsFor } from '../../runtime/script-environments.ts';
import { type OpenedServices, systemClock } from '../../runtime/services/index.ts';
import { EVERYTHING_CONFIGURED } from './everything-configured.ts';
import { services } from './script.ts';

/** Nobody may hold the event loop for longer, however large the argument. Time of the processor: others may be using it too. */
const LONGEST_BLOCK_MS = 700;
/** A call that waits for something else is over then. */
const DEADLINE_MS = 500;
/** Words that no script should ever read. */
const JAVASCRIPT =
  /TypeError|RangeError|SyntaxError|ReferenceError|undefined|\[object|Cannot read|is not a function|is not iterable|internal error|Maximum call stack|Invalid array length|node:|\.ts:\d|ERR_[A-Z]/;

// Names that are none are looked up by few threads, which reading and writing files needs too.
process.env.RES_OPTIONS = 'timeout:1 attempts:1';

let opened: OpenedServices;
let folder = '';
/** Of a server that takes connections and says nothing. */
let address = '';
const silent = createServer((socket) => socket.on('error', () => {}));
const outside = process.cwd();
const defects: string[] = [];

before(async () => {
  folder = mkdtempSync(join(tmpdir(), 'nauthilus-bad-input-'));
  process.chdir(folder);
  writeFileSync('seed.txt', 'one\ntwo\n');
  silent.listen(0, '127.0.0.1');
  await once(silent, 'listening');
  const bound = silent.address();
  address = `127.0.0.1:${typeof bound === 'object' && bound !== null ? bound.port : 0}`;
  // Sleeps are over at once: how long a script may wait is not the question here.
  const clock = { ...systemClock, sleep: async () => {} };
  opened = await services(EVERYTHING_CONFIGURED, { clock });
  setInternalErrorHook((error) => defects.push(error instanceof Error ? (error.stack ?? '') : String(error)));
});
after(async () => {
  await opened.close();
  silent.close();
  process.chdir(outside);
  rmSync(folder, { recursive: true, force: true });
});

/** What takes quadratic time takes many seconds with it. */
const HUGE = 'x'.repeat(2 ** 18);
const strange = new UserdataKind<null>('strange');

function selfContaining(): LuaTable {
  const table = new LuaTable();
  rawSet(table, 1, table);
  rawSet(table, 'self', table);
  return table;
}

function keyed(value: LuaValue): LuaTable {
  const table = new LuaTable();
  for (const key of [1e9, -1, 0.5, '', 'x', '__proto__', '\xff']) rawSet(table, key, value);
  return table;
}

/** Made anew for each call: functions may keep or change what they are given. */
const BAD: readonly (() => LuaValue)[] = [
  () => undefined,
  () => true,
  () => 0,
  () => -1,
  () => 0.5,
  () => Number.NaN,
  () => Number.POSITIVE_INFINITY,
  () => -(2 ** 63),
  () => 1e308,
  () => '',
  () => '12',
  () => '\0',
  () => '\xff\xfe\x80bin\0ary',
  () => '%s%n$1{{}}*?[(\\',
  () => '\r\nX: y',
  () => HUGE,
  () => new LuaTable(),
  () => tableFromArray([true, 0.5, '\xff', new LuaTable()]),
  () => tableFromArray([HUGE, HUGE]),
  () => keyed('x'),
  () => keyed(new LuaTable()),
  selfContaining,
  () =>
    (...given) =>
      given[0],
  () => strange.make(null),
];

/** Reads as a short text and takes everything. */
function stream(): LuaTable {
  let rest: string | undefined = 'a: 1';
  const read = () => {
    const text = rest;
    rest = undefined;
    return text;
  };
  return tableFromEntries([
    ['read', read],
    ['write', () => undefined],
  ]);
}

/** A value that fits the declared type, as far as one can be made here. */
function fitting({ name, type }: HostParameter, objects: ReadonlyMap<string, LuaValue>): LuaValue {
  if (name === 'reader' || name === 'writer') return stream();
  if (objects.has(type)) return objects.get(type);
  if (type.includes("'default'")) return 'default';
  if (type.includes('string') || type === 'any') return 'a';
  if (type.includes('number') || type.includes('integer')) return 1;
  if (type.includes('boolean')) return true;
  if (type.includes('table') || type.endsWith('[]')) return new LuaTable();
  return type.includes('function') ? (...given) => given[0] : undefined;
}

/** Calls that give an object whose methods can be tried, where the calls with plain values give none. */
const seeds = (): Readonly<Record<string, readonly LuaValue[]>> => ({
  'nauthilus_gll_tcp open': [address],
  'nauthilus_gll_tac open': ['seed.txt'],
  'nauthilus_gll_template choose': ['mustache'],
  'nauthilus_gll_storage open': ['seed.json', 'memory'],
});

/** Objects that only something else hands out; the tests of their modules have them. */
const NOT_BY_CALL = new Set(['http_server_response_writer_ud', 'http_server_request']);

interface Case {
  readonly args: readonly LuaValue[];
  readonly shown: string;
}

function shown(args: readonly LuaValue[]): string {
  return args
    .map((each) =>
      typeof each === 'string' ? JSON.stringify(each.slice(0, 20)) : `${typeName(each)} ${String(each).slice(0, 20)}`,
    )
    .join(', ');
}

/** Nothing, everything that fits, and each bad value in each place with fitting ones around it. */
function* casesOf(params: readonly HostParameter[], objects: ReadonlyMap<string, LuaValue>): Generator<Case> {
  const good = () => params.map((each) => fitting(each, objects));
  const places = Math.max(1, params.length);
  const lists = [[], good(), [...good(), 'more', 1, new LuaTable()]];
  for (let place = 0; place < places; place++) {
    for (const make of BAD) {
      const args = good();
      args[place] = make();
      lists.push(args);
      if (place + 1 < args.length) lists.push(args.slice(0, place + 1));
    }
  }
  for (const args of lists) yield { args, shown: shown(args) };
}

class Probe {
  readonly env: Environment;
  readonly misses: string[] = [];
  readonly objects = new Map<string, LuaValue>();
  readonly #scriptClass: ModuleDefinition['classes'][number];
  readonly #waiting: Promise<void>[] = [];

  constructor(scriptClass: ModuleDefinition['classes'][number]) {
    this.#scriptClass = scriptClass;
    this.env = environmentsFor(DEFAULT_PACKAGE_PATH)(scriptClass);
  }

  run(fn: LuaFunction, args: readonly LuaValue[]): Promise<readonly LuaValue[]> | readonly LuaValue[] {
    const ignore = (): void => {};
    const log = { debug: ignore, info: ignore, warn: ignore, error: ignore };
    const request = { method: 'POST', url: '/?a=b', headers: [], body: Buffer.from('a') };
    const host = new HostCall({
      scriptClass: this.#scriptClass,
      services: opened,
      state: new ScriptState(new Map(), request),
      log,
    });
    const budget = new Budget({ deadlineMs: DEADLINE_MS, memoryBytes: 512 * 2 ** 20 });
    return runTask({ env: this.env, budget, host, output: ignore }, fn, args);
  }

  /** Calls it, notes what is wrong with its answer, and keeps the objects that it gives. */
  call(name: string, fn: LuaFunction, { args, shown: given }: Case): void {
    const miss = (problem: string) => this.misses.push(`${name}(${given}): ${problem}`);
    const started = process.cpuUsage();
    try {
      const results = this.run(fn, args);
      if (results instanceof Promise) this.#waiting.push(this.#settle(results, miss));
      else this.#look(results, miss);
    } catch (thrown) {
      lookAtError(thrown, miss);
    }
    const took = process.cpuUsage(started).user / 1000;
    if (took > LONGEST_BLOCK_MS) miss(`held the event loop for ${Math.round(took)} ms`);
  }

  async settled(): Promise<void> {
    await Promise.all(this.#waiting.splice(0));
  }

  async #settle(results: Promise<readonly LuaValue[]>, miss: (problem: string) => void): Promise<void> {
    const late = new Promise<'late'>((resolve) => setTimeout(resolve, 10 * DEADLINE_MS, 'late').unref());
    try {
      const ended = await Promise.race([results, late]);
      if (ended === 'late') miss('did not end');
      else this.#look(ended, miss);
    } catch (thrown) {
      lookAtError(thrown, miss);
    }
  }

  keep(values: Iterable<LuaValue>): void {
    for (const value of values) {
      if (value instanceof Userdata && !this.objects.has(value.kind.name)) this.objects.set(value.kind.name, value);
    }
  }

  #look(results: readonly LuaValue[], miss: (problem: string) => void): void {
    this.keep(results);
    // After a nil the second result is the text of an error.
    const [first, second] = results;
    if (first === undefined && typeof second === 'string') lookAtText(second, miss);
  }
}

function lookAtError(thrown: unknown, miss: (problem: string) => void): void {
  if (thrown instanceof BudgetExceeded) return;
  if (!(thrown instanceof LuaError)) miss(`threw ${String(thrown)}`);
  else if (typeof thrown.value === 'string') lookAtText(thrown.value, miss);
}

function lookAtText(text: string, miss: (problem: string) => void): void {
  if (JAVASCRIPT.test(text)) miss(`says ${text.slice(0, 200)}`);
}

async function probeFunctions(probe: Probe, owner: LuaTable, functions: readonly HostFunction[]): Promise<void> {
  for (const { name, params } of functions) {
    const found = await probe.run(() => index(owner, name), []);
    const [fn] = found;
    if (typeof fn !== 'function') continue;
    for (const each of casesOf(params, probe.objects)) probe.call(name, fn, each);
    await probe.settled();
  }
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

async function probeMethods(probe: Probe, kind: string, methods: readonly HostFunction[]): Promise<void> {
  const self = probe.objects.get(kind);
  for (const { name, params } of methods) {
    const [fn] = self === undefined ? [] : await probe.run(() => index(self, name), []);
    if (typeof fn !== 'function') continue;
    const parameters = [{ name: 'self', type: kind, optional: false, variadic: false }, ...params];
    for (const each of casesOf(parameters, probe.objects)) probe.call(`${kind}:${name}`, fn, each);
    await probe.settled();
  }
}

for (const definition of modules) {
  const { functions, userdata, loader, requires } = describeModule(definition);
  test(`${loader} ${requires[0]} answers bad input in the words of Lua`, async () => {
    const probe = new Probe(definition.classes.includes('filter') ? 'filter' : definition.classes[0]!);
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
    assert.deepEqual([...probe.misses, ...defects.splice(0)], []);
  });
}

for (const scriptClass of ['feature', 'backend', 'filter', 'action'] as const) {
  test(`the globals of the class ${scriptClass} answer bad input in the words of Lua`, async () => {
    const probe = new Probe(scriptClass);
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
    assert.deepEqual([...probe.misses, ...defects.splice(0)], []);
  });
}
