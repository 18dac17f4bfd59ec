/** Runs batches of programs: in this process in every colour, and by Debian's `lua5.1`. */
import { spawnSync } from 'node:child_process';
import { compileInMemory } from '../../compiler/build/in-memory.ts';
import { type CompileOptions, compileChunk } from '../../compiler/front/index.ts';
import type { CompiledChunk } from '../../runtime/contract/abi.ts';
import {
  Budget,
  type BudgetOptions,
  createEnvironment,
  LuaError,
  type LuaFunction,
  nameBuiltin,
  runTask,
  setGlobal,
  setInternalErrorHook,
} from '../../runtime/engine/api.ts';
import { createLoader, instantiateCode, SourceError } from '../../runtime/engine/load.ts';
import { standardLibraries } from '../../runtime/engine/stdlib/index.ts';
import { testManifest } from '../run-lua.ts';

const PUC = 'lua5.1';
const MARK = '\x01';

/** Programs come as `LENGTH\nTEXT`; each runs in globals of its own, and its output ends with a mark. */
const DRIVER = `
local function copy(t, seen)
  if type(t) ~= "table" then return t end
  if seen[t] then return seen[t] end
  local new = {}
  seen[t] = new
  for k, v in pairs(t) do new[k] = copy(v, seen) end
  return new
end
local globals, error_text, trace = _G, tostring, debug.traceback
while true do
  local length = io.read("*n")
  if not length then break end
  io.read(1)
  local text = length > 0 and io.read(length) or ""
  local f, message = loadstring(text, "@case.lua")
  if f then
    local env = copy(globals, {})
    setfenv(f, env)
    local thread = coroutine.create(function() return xpcall(f, function(m) return error_text(m) .. "\\n" .. trace("", 2) end) end)
    debug.setfenv(thread, env)
    local _, ok, problem = coroutine.resume(thread)
    if not ok then print("ERROR " .. tostring(problem)) end
  else
    print("COMPILE " .. message)
  end
  io.write("\\1")
end
`;

/** What PUC Lua prints for each program. */
export function referenceOutputs(programs: readonly string[]): readonly string[] {
  const input = Buffer.concat(
    programs.map((program) => {
      const bytes = Buffer.from(program, 'latin1');
      return Buffer.concat([Buffer.from(`${bytes.length}\n`), bytes]);
    }),
  );
  const { stdout, stderr, status } = spawnSync(PUC, ['-e', DRIVER], { input, maxBuffer: 1 << 29, timeout: 120_000 });
  if (status !== 0) throw new Error(`${PUC} ended with ${status}: ${stderr.toString('latin1')}`);
  return stdout.toString('latin1').split(MARK).slice(0, -1);
}

/** The ways a program can get to run here. `resumed`: every function suspendable, and each call of one waits. */
export type Way = 'analysed' | 'suspendable' | 'resumed' | 'loaded';
export const WAYS: readonly Way[] = ['analysed', 'suspendable', 'resumed', 'loaded'];

const OPTIONS: Readonly<Record<Way, CompileOptions>> = {
  analysed: { checkPlain: true },
  suspendable: { suspendAll: true },
  resumed: { suspendAll: true },
  loaded: { checkPlain: true },
};

/** What this engine prints, in the same form. */
export async function ourOutput(program: string, way: Way): Promise<string> {
  const chunk = compile(program, way);
  return typeof chunk === 'string' ? `COMPILE ${chunk}\n` : run(chunk, way);
}

function compile(program: string, way: Way): CompiledChunk | string {
  if (way === 'loaded') {
    const result = compileChunk(program, '@case.lua', testManifest, OPTIONS[way]);
    return result.ok ? instantiateCode(result.file, '@case.lua') : result.message;
  }
  const { chunks, diagnostics } = compileInMemory([{ name: 'case.lua', source: program }], testManifest, OPTIONS[way]);
  return (
    chunks.get('case.lua') ?? diagnostics.map(({ place, message }) => `case.lua:${place?.line}: ${message}`).join()
  );
}

/** Far more than a program needs; an endless one is a difference, too. */
const DEADLINE_MS = 10_000;

async function run(chunk: CompiledChunk, way: Way): Promise<string> {
  let printed = '';
  const env = createEnvironment(standardLibraries);
  const budget = way === 'resumed' ? alwaysDue() : new Budget(LIMITS);
  const loader = createLoader({
    compile: (text, name) => {
      const result = compileChunk(text, name, testManifest, OPTIONS[way]);
      return result.ok ? result.file : new SourceError(result.message);
    },
  });
  const output = (bytes: string): void => {
    printed += bytes;
  };
  const hook = setInternalErrorHook((error) => {
    printed += `INTERNAL ${error instanceof Error ? error.stack : String(error)}\n`;
  });
  setGlobal(env, 'wait', WAIT);
  try {
    await runTask({ env, budget, host: undefined, output, loader }, chunk.instantiate(env), []);
  } catch (error) {
    printed += `ERROR ${describe(error)}\n`;
  }
  setInternalErrorHook(hook);
  return printed;
}

const LIMITS: BudgetOptions = { deadlineMs: DEADLINE_MS, blockingMs: DEADLINE_MS, memoryBytes: 2 ** 30 };

/** Looked at all the time, and each time others are due. */
function alwaysDue(): Budget {
  let now = 0;
  const clock = (): number => {
    now += 100;
    return now;
  };
  const budget = new Budget({ ...LIMITS, deadlineMs: Number.POSITIVE_INFINITY, clock });
  budget.c = 0;
  return budget;
}

const WAIT: LuaFunction = nameBuiltin(() => undefined, 'wait');

function describe(error: unknown): string {
  if (!(error instanceof LuaError)) return `not of Lua: ${error instanceof Error ? error.stack : String(error)}`;
  const { value } = error;
  const text = typeof value === 'string' || typeof value === 'number' ? String(value) : '(another value)';
  return `${text}\n\n${error.traceback ?? ''}`;
}
