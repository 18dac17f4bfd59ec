/**
 * Runs scripts: a unit is what one script class does for one login. All scripts of the unit share an environment that
 * nobody else ever sees; each gets its own deadline. Nothing here throws: a fault is an outcome.
 */
import type { ScriptClass } from '../contract/host.ts';
import {
  Budget,
  BudgetExceeded,
  type Environment,
  LuaError,
  type LuaFunction,
  type LuaValue,
  rawGetString,
  runTask,
  type Task,
  typeName,
} from '../engine/api.ts';
import { HostCall } from '../host/call.ts';
import type { ScriptState } from '../login/script-state.ts';
import { type Marks, marksOf, noteScript } from './explain.ts';
import type { LoadedScript } from './registry.ts';
import type { ScriptRuntime } from './script-runtime.ts';

export type ScriptOutcome =
  | { readonly ok: true; readonly values: readonly LuaValue[] }
  | { readonly ok: false; readonly fault: ScriptFault };

/** Why a script did not come to its end; `message` is a byte string: Lua's text and a traceback. */
export interface ScriptFault {
  readonly message: string;
}

export class ScriptUnit {
  readonly #runtime: ScriptRuntime;
  readonly #scriptClass: ScriptClass;
  readonly #environment: Environment;

  constructor(runtime: ScriptRuntime, scriptClass: ScriptClass) {
    this.#runtime = runtime;
    this.#scriptClass = scriptClass;
    this.#environment = runtime.makeEnvironment(scriptClass);
  }

  /** Executes the script's top level, then its entry function; `state` takes what it collects. At once unless it waits. */
  run(
    script: LoadedScript,
    entry: string,
    args: readonly LuaValue[],
    state: ScriptState,
  ): ScriptOutcome | Promise<ScriptOutcome> {
    const { services, logs } = this.#runtime;
    const scriptClass = this.#scriptClass;
    const call = new HostCall({ scriptClass, services, state, log: logs[scriptClass] });
    const run = { call, script, state, startedAt: services.clock.monotonic(), before: marksFor(state) };
    const outcome = this.#runWith(call, script, entry, args);
    if (!(outcome instanceof Promise)) return this.#end(outcome, run);
    return outcome.then(
      (late) => this.#end(late, run),
      (error: unknown) => {
        call.end();
        throw error;
      },
    );
  }

  #end(outcome: ScriptOutcome, { call, script, state, startedAt, before }: Run): ScriptOutcome {
    call.end();
    const { metrics, clock } = this.#runtime.services;
    const ms = clock.monotonic() - startedAt;
    const scriptClass = this.#scriptClass;
    metrics.latencies.script(scriptClass, script.label, ms);
    if (scriptClass === 'feature' || scriptClass === 'filter' || scriptClass === 'action') {
      metrics.took(scriptClass, script.label, ms);
    }
    if (before !== undefined && state.explanation !== undefined) {
      noteScript(state.explanation, script, { scriptClass, ms, outcome }, { before, state });
    }
    return outcome;
  }

  #runWith(
    call: HostCall,
    script: LoadedScript,
    entry: string,
    args: readonly LuaValue[],
  ): ScriptOutcome | Promise<ScriptOutcome> {
    const task = this.#newTask(call);
    try {
      const loaded = runTask(task, script.chunk.instantiate(this.#environment), []);
      if (loaded instanceof Promise) return settle(loaded.then(() => this.#enter(task, script, entry, args)));
      const values = this.#enter(task, script, entry, args);
      return values instanceof Promise ? settle(values) : { ok: true, values };
    } catch (error) {
      return faultOf(error);
    }
  }

  #newTask(host: HostCall): Task {
    const { services, settings, loader } = this.#runtime;
    const { deadlineMs, memoryBytes } = settings;
    return {
      env: this.#environment,
      budget: new Budget({ deadlineMs, memoryBytes, clock: services.clock.monotonic }),
      loader,
      host,
    };
  }

  /** The global as this script, or an earlier one of the unit, has left it. */
  #enter(
    task: Task,
    script: LoadedScript,
    entry: string,
    args: readonly LuaValue[],
  ): readonly LuaValue[] | Promise<readonly LuaValue[]> {
    const found = rawGetString(this.#environment.globals, entry);
    if (isFunction(found)) return runTask(task, found, args);
    throw new LuaError(`${script.path}: attempt to call global '${entry}' (a ${typeName(found)} value)`);
  }
}

/** A script that is under way. */
interface Run {
  readonly call: HostCall;
  readonly script: LoadedScript;
  readonly state: ScriptState;
  /** Monotonic milliseconds. */
  readonly startedAt: number;
  readonly before: Marks | undefined;
}

/** Costs nothing unless somebody has asked about the login. */
function marksFor(state: ScriptState): Marks | undefined {
  return state.explanation === undefined ? undefined : marksOf(state);
}

function settle(values: Promise<readonly LuaValue[]>): Promise<ScriptOutcome> {
  return values.then((list): ScriptOutcome => ({ ok: true, values: list }), faultOf);
}

function isFunction(value: LuaValue): value is LuaFunction {
  return typeof value === 'function';
}

/** Anything but a Lua error or a used-up budget would be a defect of the engine and must not pass as an outcome. */
function faultOf(error: unknown): ScriptOutcome {
  if (error instanceof BudgetExceeded) return fault(error.message, error.traceback);
  if (error instanceof LuaError) return fault(errorText(error.value), error.traceback);
  throw error;
}

function fault(text: string, traceback: string | undefined): ScriptOutcome {
  return { ok: false, fault: { message: traceback === undefined ? text : `${text}\n${traceback}` } };
}

/** Error objects that are no text are named by their type: their `__tostring` is the script's code, which has ended. */
function errorText(value: LuaValue): string {
  if (typeof value === 'string') return value;
  return typeof value === 'number' ? String(value) : `(error object is a ${typeName(value)} value)`;
}
