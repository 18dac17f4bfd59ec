/**
 * Environments of single functions, for `setfenv`, `getfenv` and `module` (Lua 5.1 manual section 2.9). Only code that
 * was emitted for it has them: each closure then reads its globals through a cell of its own. All other functions live
 * in the globals of the task.
 */
import type { CompiledChunk, LuaFunction } from '../contract/abi.ts';
import type { Coroutine } from './coroutine.ts';
import { running } from './registers.ts';
import { currentTask } from './scheduler.ts';
import type { LuaTable } from './table.ts';
import { frameAtLevel } from './traceback.ts';

/** Where a closure finds its globals; emitted code reads `t` at every access. */
export interface GlobalsCell {
  t: LuaTable;
}

const cells = new WeakMap<LuaFunction, GlobalsCell>();

/** Emitted code: `fn` reads its globals from `cell`. Returns `fn`. */
export function closeOver(fn: LuaFunction, cell: GlobalsCell): LuaFunction {
  cells.set(fn, cell);
  return fn;
}

/** undefined for builtins and for functions whose globals cannot be changed. */
export function cellOf(fn: LuaFunction): GlobalsCell | undefined {
  return cells.get(fn);
}

/** Set by emitted code right before a call that may be of `setfenv`, `getfenv` or `module`: the cell it reads from. */
export const caller: { cell: GlobalsCell | undefined } = { cell: undefined };

/**
 * The cell of the function at a level (1 = who called the running builtin); undefined for builtins. Where V8 does not
 * show the function, level 1 is who announced itself last, and further levels live in the task's globals.
 */
export function cellAtLevel(level: number): GlobalsCell | undefined {
  const frame = frameAtLevel(level);
  if (frame?.kind !== 'lua') return undefined;
  if (isFunction(frame.fn)) return cells.get(frame.fn);
  return level === 1 ? caller.cell : undefined;
}

/** The globals of a thread, else of the running one: of code it loads, and level 0 of `getfenv`. Coroutines inherit them. */
export function threadGlobals(thread: Coroutine | undefined = running.coroutine): LuaTable {
  const { env } = currentTask();
  const own = thread === undefined ? env.threadGlobals : thread.globals;
  return own ?? env.globals;
}

/** `setfenv(0, table)`: code that runs already keeps its globals. */
export function setThreadGlobals(table: LuaTable): void {
  if (running.coroutine === undefined) currentTask().env.threadGlobals = table;
  else running.coroutine.globals = table;
}

/** The main function of a chunk that was made at run time, in the globals of the running thread. */
export function instantiateInThread(chunk: CompiledChunk): LuaFunction {
  const main = chunk.instantiate(currentTask().env);
  const cell = cells.get(main);
  if (cell !== undefined) cell.t = threadGlobals();
  return main;
}

function isFunction(value: unknown): value is LuaFunction {
  return typeof value === 'function';
}
