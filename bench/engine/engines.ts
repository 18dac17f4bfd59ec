/** The engines that are compared: how a program is timed in each. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { compileProgram } from '../../compiler/front/index.ts';
import { Budget, createEnvironment, type LuaFunction, type LuaValue, runTask } from '../../runtime/engine/api.ts';
import { instantiateCode } from '../../runtime/engine/load.ts';
import { standardLibraries, standardManifest } from '../../runtime/engine/stdlib/index.ts';

/** Runs the program once and gives its result; a promise where suspendable code gave others a turn. */
export type Run = () => unknown;

const folder = (name: string): string => fileURLToPath(new URL(`${name}/`, import.meta.url));

export function luaFile(program: string): string {
  return `${folder('lua')}${program}.lua`;
}

/** Where Lua 5.2 and later have moved what the programs use. */
const NEWER_LUA = 'unpack = unpack or table.unpack ';

function luaSource(program: string): string {
  return readFileSync(luaFile(program), 'latin1');
}

interface Variant {
  /** Every function may wait. */
  readonly suspendAll?: boolean;
  /** Budgets are not checked. */
  readonly unlimited?: boolean;
}

/** A statement that counts a budget down, as it is emitted. */
const BUDGET_CHECK = /^ *if \(.*\$B\.c .*\$(?:spent|pause)\(\);.*$/gm;

/** Ours, budgets switched on. */
async function prepareOurs(program: string, { suspendAll = false, unlimited = false }: Variant = {}): Promise<Run> {
  const name = `${program}.lua`;
  const manifest = { globals: standardManifest, modules: [] };
  const { files, diagnostics } = compileProgram([{ name, source: luaSource(program) }], manifest, { suspendAll });
  const [file] = files;
  if (file === undefined) throw new Error(diagnostics[0]?.message);
  const chunk = instantiateCode(unlimited ? { ...file, code: file.code.replace(BUDGET_CHECK, '') } : file);
  const budget = new Budget({ deadlineMs: 1e6, blockingMs: 1e6, memoryBytes: 2 ** 34 });
  const task = { env: createEnvironment(standardLibraries), budget, host: undefined };
  const call = (fn: LuaFunction): LuaValue | Promise<LuaValue> => {
    const values = runTask(task, fn, []);
    return values instanceof Promise ? values.then(([first]) => first) : values[0];
  };
  const fn = (await call(chunk.instantiate(task.env))) as LuaFunction;
  return () => call(fn);
}

async function prepareJavaScript(program: string): Promise<Run> {
  const { default: run } = (await import(new URL(`js/${program}.ts`, import.meta.url).href)) as { default: Run };
  return run;
}

async function prepareLuaInJs(program: string): Promise<Run> {
  const { createEnv } = await import('lua-in-js');
  const run: unknown = createEnv().parse(luaSource(program)).exec();
  if (typeof run !== 'function') throw new Error('the program gives no function');
  return () => [run()].flat()[0] as unknown;
}

async function prepareFengari(program: string): Promise<Run> {
  const { lua, lauxlib, lualib, to_luastring } = (await import('fengari')).default;
  const state = lauxlib.luaL_newstate();
  lualib.luaL_openlibs(state);
  if (lauxlib.luaL_dostring(state, to_luastring(NEWER_LUA + luaSource(program))) !== lua.LUA_OK) {
    throw new Error(lua.lua_tojsstring(state, -1));
  }
  return () => {
    lua.lua_pushvalue(state, -1);
    if (lua.lua_pcall(state, 0, 1, 0) !== lua.LUA_OK) throw new Error(lua.lua_tojsstring(state, -1));
    const result: unknown = lua.lua_tonumber(state, -1);
    lua.lua_pop(state, 1);
    return result;
  };
}

async function prepareWasmoon(program: string): Promise<Run> {
  const { LuaFactory } = await import('wasmoon');
  const engine = await new LuaFactory().createEngine();
  const run: unknown = engine.doStringSync(NEWER_LUA + luaSource(program));
  if (typeof run !== 'function') throw new Error('the program gives no function');
  return () => run() as unknown;
}

/** Engines that run in a Node process. */
export const PREPARE: Readonly<Record<string, (program: string) => Run | Promise<Run>>> = {
  ours: (program) => prepareOurs(program),
  unlimited: (program) => prepareOurs(program, { unlimited: true }),
  suspendable: (program) => prepareOurs(program, { suspendAll: true }),
  javascript: prepareJavaScript,
  'lua-in-js': prepareLuaInJs,
  fengari: prepareFengari,
  wasmoon: prepareWasmoon,
};
