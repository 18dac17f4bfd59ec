/** Lua programs with all host modules, run in this process: for what only shows in whole programs. */
import assert from 'node:assert/strict';
import { compileInMemory } from '../../compiler/build/in-memory.ts';
import { createHostLoader } from '../../compiler/cli/loader.ts';
import type { ScriptClass } from '../../runtime/contract/host.ts';
import { Budget, nameBuiltin, runTask, setGlobal } from '../../runtime/engine/api.ts';
import { toUtf8String } from '../../runtime/engine/bytes.ts';
import { DEFAULT_PACKAGE_PATH } from '../../runtime/engine/stdlib/index.ts';
import { HostCall } from '../../runtime/host/call.ts';
import { type Declarations, describeFunctions } from '../../runtime/host/define.ts';
import { describeModules } from '../../runtime/index.ts';
import { type RequestSnapshot, ScriptState } from '../../runtime/login/script-state.ts';
import { environmentsFor } from '../../runtime/script-environments.ts';
import type { OpenedServices } from '../../runtime/services/index.ts';
import { errorText } from '../run-lua.ts';

export const manifest = describeModules();
const makeEnvironment = environmentsFor(DEFAULT_PACKAGE_PATH);

export interface ProgramOptions {
  readonly request?: RequestSnapshot;
  readonly deadlineMs?: number;
  readonly memoryBytes?: number;
  /** Milliseconds without a break; the default of servers. */
  readonly blockingMs?: number;
  readonly scriptClass?: ScriptClass;
  /** Gets the warnings of host functions. */
  readonly warn?: (fields: object) => void;
  /** Host functions that the program sees as globals beside everything else. */
  readonly globals?: Declarations;
}

/** What the program printed, and why it ended if it did not come to its end. */
export interface Ran {
  readonly stdout: string;
  readonly failure: string | undefined;
}

/** Runs a program called `case.lua`. */
export async function runProgram(opened: OpenedServices, source: string, options: ProgramOptions = {}): Promise<Ran> {
  const bytes = Buffer.from(source, 'utf8').toString('latin1');
  const known = { ...manifest, globals: [...manifest.globals, ...describeFunctions(options.globals ?? {})] };
  const { chunks, diagnostics } = compileInMemory([{ name: 'case.lua', source: bytes }], known);
  const chunk = chunks.get('case.lua');
  if (chunk === undefined) return { stdout: '', failure: diagnostics[0]?.message };
  let printed = '';
  const scriptClass = options.scriptClass ?? 'filter';
  const env = makeEnvironment(scriptClass);
  for (const [name, each] of Object.entries(options.globals ?? {})) {
    setGlobal(env, name, nameBuiltin(each.define(name), name));
  }
  const log = { debug: () => {}, info: () => {}, warn: (fields: object) => options.warn?.(fields), error: () => {} };
  const state = new ScriptState(new Map(), options.request);
  const host = new HostCall({ scriptClass, services: opened, state, log });
  const task = {
    env,
    budget: new Budget({
      deadlineMs: options.deadlineMs ?? 20_000,
      memoryBytes: options.memoryBytes ?? 2 ** 31,
      ...(options.blockingMs === undefined ? {} : { blockingMs: options.blockingMs }),
    }),
    loader: createHostLoader(() => known),
    output: (text: string) => {
      printed += text;
    },
    host,
  };
  let failure: string | undefined;
  try {
    await runTask(task, chunk.instantiate(env), []);
  } catch (error) {
    failure = errorText(error);
  } finally {
    host.end();
  }
  return { stdout: toUtf8String(printed), failure };
}

/** What a program printed; fails when the program does. */
export async function outputOf(opened: OpenedServices, source: string, options: ProgramOptions = {}): Promise<string> {
  const { stdout, failure } = await runProgram(opened, source, options);
  assert.equal(failure, undefined);
  return stdout;
}
