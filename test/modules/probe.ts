/** Calls functions with bad arguments and notes answers that no script should get. */
import { setTimeout } from 'node:timers/promises';
import { createHostLoader } from '../../compiler/cli/loader.ts';
import type { HostFunction, ScriptClass } from '../../runtime/contract/host.ts';
import {
  Budget,
  BudgetExceeded,
  type Environment,
  entries,
  getMetatable,
  index,
  LuaError,
  type LuaFunction,
  LuaTable,
  type LuaValue,
  rawGet,
  runTask,
  setInternalErrorHook,
} from '../../runtime/engine/api.ts';
import { DEFAULT_PACKAGE_PATH } from '../../runtime/engine/stdlib/index.ts';
import { HostCall } from '../../runtime/host/call.ts';
import { Userdata } from '../../runtime/host/userdata.ts';
import { ScriptState } from '../../runtime/login/script-state.ts';
import { environmentsFor } from '../../runtime/script-environments.ts';
import type { OpenedServices } from '../../runtime/services/index.ts';
import { type Case, casesOf } from './bad-values.ts';
import { manifest } from './program.ts';

/** Nobody may hold the event loop for longer, however large the argument. Time of the processor: others may be using it too. */
const LONGEST_BLOCK_MS = 700;
/** A call that waits for something else is over then. */
const DEADLINE_MS = 500;
/** Words that no script should ever read. */
const JAVASCRIPT =
  /TypeError|RangeError|SyntaxError|ReferenceError|undefined|\[object|Cannot read|is not a function|is not iterable|internal error|Maximum call stack|Invalid array length|node:|\.ts:\d|ERR_[A-Z]/;

// Names that are none are looked up by few threads, which reading and writing files needs too.
process.env.RES_OPTIONS = 'timeout:1 attempts:1';

/** argparse is Lua itself. */
const loader = createHostLoader(() => manifest);

const defects: string[] = [];
setInternalErrorHook((error) => defects.push(error instanceof Error ? (error.stack ?? '') : String(error)));

/** A call under way. */
interface Waiting {
  readonly miss: (problem: string) => void;
  isOver: boolean;
  ended: Promise<void>;
}

export class Probe {
  readonly env: Environment;
  readonly misses: string[] = [];
  readonly objects = new Map<string, LuaValue>();
  readonly #scriptClass: ScriptClass;
  readonly #services: OpenedServices;
  readonly #waiting: Waiting[] = [];
  readonly #hosts: HostCall[] = [];

  constructor(scriptClass: ScriptClass, services: OpenedServices) {
    this.#services = services;
    this.#scriptClass = scriptClass;
    this.env = environmentsFor(DEFAULT_PACKAGE_PATH)(scriptClass);
  }

  run(
    fn: LuaFunction,
    args: readonly LuaValue[],
    deadlineMs = DEADLINE_MS,
  ): Promise<readonly LuaValue[]> | readonly LuaValue[] {
    const ignore = (): void => {};
    const log = { debug: ignore, info: ignore, warn: ignore, error: ignore };
    const request = { method: 'POST', url: '/?a=b', headers: [], body: Buffer.from('a') };
    const host = new HostCall({
      scriptClass: this.#scriptClass,
      services: this.#services,
      state: new ScriptState(new Map(), this.#scriptClass === 'init' ? undefined : request),
      log,
    });
    this.#hosts.push(host);
    const budget = new Budget({ deadlineMs, memoryBytes: 512 * 2 ** 20 });
    return runTask({ env: this.env, budget, host, loader, output: ignore }, fn, args);
  }

  /** Calls it, notes what is wrong with its answer, and keeps the objects that it gives. */
  call(name: string, fn: LuaFunction, { args, shown: given }: Case): void {
    const miss = (problem: string) => this.misses.push(`${name}(${given}): ${problem}`);
    const started = process.cpuUsage();
    try {
      const results = this.run(fn, args);
      if (results instanceof Promise) this.#wait(results, miss);
      else this.#look(results, miss);
    } catch (thrown) {
      lookAtError(thrown, miss);
    }
    const took = process.cpuUsage(started).user / 1000;
    if (took > LONGEST_BLOCK_MS) miss(`held the event loop for ${Math.round(took)} ms`);
  }

  /** The module, as a script gets it; objects in it are kept. */
  async require(loader: string, name: string): Promise<LuaTable> {
    const require = rawGet(this.env.globals, 'require');
    const load = rawGet(this.env.globals, 'dynamic_loader');
    if (typeof require !== 'function' || typeof load !== 'function') throw new Error('no require');
    await this.run(load, [loader]);
    const [table] = await this.run(require, [name]);
    if (!(table instanceof LuaTable)) throw new Error(`${name} is no table`);
    this.keep([...entries(table)].map(([, value]) => value));
    return table;
  }

  /** What was wrong, and what the engine took for a defect meanwhile; what calls have opened is closed. */
  problems(): readonly string[] {
    for (const host of this.#hosts.splice(0)) host.end();
    return [...this.misses, ...defects.splice(0)];
  }

  /** Waits for all calls under way. */
  async settled(): Promise<void> {
    // Begins only now: the calls themselves may have taken long.
    const enough = new AbortController();
    const late = setTimeout(10 * DEADLINE_MS, undefined, { signal: enough.signal }).catch(() => undefined);
    await Promise.race([Promise.all(this.#waiting.map(({ ended }) => ended)), late]);
    enough.abort();
    for (const { isOver, miss } of this.#waiting.splice(0)) if (!isOver) miss('did not end');
  }

  #wait(results: Promise<readonly LuaValue[]>, miss: (problem: string) => void): void {
    const waiting: Waiting = { miss, isOver: false, ended: Promise.resolve() };
    waiting.ended = this.#settle(waiting, results);
    this.#waiting.push(waiting);
  }

  async #settle(waiting: Waiting, results: Promise<readonly LuaValue[]>): Promise<void> {
    try {
      this.#look(await results, waiting.miss);
    } catch (thrown) {
      lookAtError(thrown, waiting.miss);
    }
    waiting.isOver = true;
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

/** What is described is there; `__call` is found where Lua finds it. */
async function functionAt(probe: Probe, owner: LuaValue, name: string): Promise<LuaFunction | undefined> {
  const holder = name === '__call' && owner instanceof LuaTable ? getMetatable(owner) : owner;
  const [found] = await probe.run(() => index(holder, name), []);
  if (typeof found === 'function') return found;
  probe.misses.push(`${name} is described and not there`);
  return undefined;
}

/** Tries all functions of a table that are described. */
export async function probeFunctions(probe: Probe, owner: LuaTable, functions: readonly HostFunction[]): Promise<void> {
  for (const { name, params } of functions) {
    const fn = await functionAt(probe, owner, name);
    if (fn === undefined) continue;
    for (const each of casesOf(params, probe.objects)) probe.call(name, fn, each);
    await probe.settled();
  }
}

/** Tries all methods of an object that some call has given before. */
export async function probeMethods(probe: Probe, kind: string, methods: readonly HostFunction[]): Promise<void> {
  const self = probe.objects.get(kind);
  for (const { name, params } of methods) {
    const fn = self === undefined ? undefined : await functionAt(probe, self, name);
    if (fn === undefined) continue;
    const parameters = [{ name: 'self', type: kind, optional: false, variadic: false }, ...params];
    for (const each of casesOf(parameters, probe.objects)) probe.call(`${kind}:${name}`, fn, each);
    await probe.settled();
  }
}
