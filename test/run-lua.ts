/** Runs Lua source in this process through the real compiler and engine, and catches what it prints. */

import { compileInMemory } from '../compiler/build/in-memory.ts';
import { type CompileOptions, compileChunk } from '../compiler/front/index.ts';
import type { CompiledChunk } from '../runtime/contract/abi.ts';
import type { HostFunction, HostManifest } from '../runtime/contract/host.ts';
import {
  Budget,
  BudgetExceeded,
  charge,
  createEnvironment,
  type Environment,
  LuaError,
  type LuaFunction,
  nameBuiltin,
  results,
  runTask,
  setGlobal,
  type Task,
  waitFor,
} from '../runtime/engine/api.ts';
import { toUtf8String } from '../runtime/engine/bytes.ts';
import { createLoader, SourceError } from '../runtime/engine/load.ts';
import { describe } from '../runtime/engine/stdlib/describe.ts';
import { standardLibraries, standardManifest } from '../runtime/engine/stdlib/index.ts';

/** `wait(...)` gives its arguments back after a turn of the event loop, `fail(message)` waits and raises. */
const WAITING: readonly HostFunction[] = [
  describe('io', 'wait(...: any): any', 'Its arguments, later.'),
  describe('io', 'fail(message: any)', 'An error, later.'),
];

export const testManifest: HostManifest = { globals: [...standardManifest, ...WAITING], modules: [] };

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

const wait: LuaFunction = nameBuiltin(function* (...values) {
  yield* waitFor(turn());
  return results(...values);
}, 'wait');

const fail: LuaFunction = nameBuiltin(function* (message) {
  yield* waitFor(turn());
  throw new LuaError(message);
}, 'fail');

export interface RunOptions {
  /** Chunk name; `case.lua` without it. */
  readonly name?: string;
  readonly compile?: CompileOptions;
  readonly deadlineMs?: number;
  readonly memoryBytes?: number;
  /** Gets the environment before the script runs. */
  readonly prepare?: (env: Environment) => void;
}

export interface RunOutcome {
  /** Printed bytes, read as UTF-8. */
  readonly stdout: string;
  /** What ended the script: a compile error's text, or what was thrown. */
  readonly error: unknown;
  /** Did the task wait at least once? */
  readonly waited: boolean;
}

/** `source` is bytes (latin1 text). */
export async function runLua(source: string, options: RunOptions = {}): Promise<RunOutcome> {
  const { name = 'case.lua', compile } = options;
  const { chunks, diagnostics } = compileInMemory([{ name, source }], testManifest, compile);
  const chunk = chunks.get(name);
  if (chunk === undefined) return { stdout: '', error: diagnostics[0]?.message, waited: false };
  return runChunk(chunk, options);
}

/** Runs a compiled chunk in an environment of its own. */
export async function runChunk(chunk: CompiledChunk, options: RunOptions): Promise<RunOutcome> {
  let printed = '';
  const task = newTask(options, (bytes) => {
    printed += bytes;
  });
  let waited = false;
  let error: unknown;
  try {
    const outcome = runTask(task, chunk.instantiate(task.env), []);
    waited = outcome instanceof Promise;
    await outcome;
  } catch (thrown) {
    error = thrown;
  }
  return { stdout: toUtf8String(printed), error, waited };
}

function newTask(options: RunOptions, output: (bytes: string) => void): Task {
  const { compile, deadlineMs = 60_000, memoryBytes = 2 ** 31, prepare } = options;
  const env = createEnvironment(standardLibraries);
  setGlobal(env, 'wait', wait);
  setGlobal(env, 'fail', fail);
  prepare?.(env);
  return {
    env,
    output,
    host: undefined,
    budget: new Budget({ deadlineMs, blockingMs: deadlineMs, memoryBytes }),
    loader: createLoader({
      compile: (text, chunkName) => {
        const result = compileChunk(text, chunkName, testManifest, { ...compile, onWork: charge });
        return result.ok ? result.file : new SourceError(result.message);
      },
    }),
  };
}

/** An error as Lua would print it, for messages of failing tests. */
export function errorText(error: unknown): string {
  if (error instanceof BudgetExceeded) return error.message;
  if (!(error instanceof LuaError)) return error instanceof Error ? (error.stack ?? error.message) : String(error);
  return `${String(error.value)}\n${error.traceback ?? ''}`;
}
