/**
 * Environments of single functions, for `setfenv`, `getfenv` and `module` (Lua 5.1 manual section 2.9). Only code that
 * was emitted for it has them: each closure then reads its globals through a cell of its own. All other functions live
 * in the globals of the task.
 */
import type { CompiledChunk, LuaFunction } from '../contract/abi.ts';
import { frameId } from '../contract/function-names.ts';
import type { Coroutine } from './coroutine.ts';
import { caller, running } from './registers.ts';
import { currentTask, type Task } from './scheduler.ts';
import type { LuaTable } from './table.ts';
import { type Frame, framesToLevel } from './traceback.ts';

/** Where a closure finds its globals; emitted code reads `t` at every access. */
export interface GlobalsCell {
  t: LuaTable;
  /** The closure itself. */
  fn?: LuaFunction;
}

const cells = new WeakMap<LuaFunction, GlobalsCell>();

/** Emitted code: `fn` reads its globals from `cell`. Returns `fn`. */
export function closeOver(fn: LuaFunction, cell: GlobalsCell): LuaFunction {
  cells.set(fn, cell);
  cell.fn = fn;
  return fn;
}

/** undefined for builtins and for functions whose globals cannot be changed. */
export function cellOf(fn: LuaFunction): GlobalsCell | undefined {
  return cells.get(fn);
}

/**
 * An activation of emitted code, kept because V8 shows neither the closures of strict code nor those of generators. A
 * handler that the engine calls by itself finds whoever called last: `task` and `id` say whether it is the one.
 */
export interface CallerFrame {
  readonly cell: GlobalsCell;
  readonly id: string;
  readonly task: Task | undefined;
  up: CallerFrame | undefined;
  /** How many there are from here up, or more. */
  depth: number;
}

/** Levels that `getfenv` and `setfenv` surely find. */
const KEPT_LEVELS = 1000;

/**
 * Emitted code, at the entry of a function: what it sets `caller.frame` to. The chain is cut now and then: a loop that calls
 * handlers through the engine puts each of them on top of the one before, which is gone.
 */
export function enter(cell: GlobalsCell, id: string): CallerFrame {
  const last = caller.frame;
  const up = last?.task === running.task ? last : undefined;
  if (up === undefined) return { cell, id, task: running.task, up, depth: 1 };
  if (up.depth === 2 * KEPT_LEVELS) forgetOutermost(up);
  return { cell, id, task: running.task, up, depth: up.depth + 1 };
}

function forgetOutermost(frame: CallerFrame): void {
  let kept = frame;
  kept.depth = KEPT_LEVELS;
  while (kept.depth > 1 && kept.up !== undefined) {
    kept.up.depth = kept.depth - 1;
    kept = kept.up;
  }
  kept.up = undefined;
}

/**
 * The cell of the function at a level (1 = who called the running builtin); undefined for builtins and for functions
 * whose globals cannot be changed.
 */
export function cellAtLevel(level: number): GlobalsCell | undefined {
  const frames = framesToLevel(level);
  const frame = frames.at(-1);
  if (frame?.kind !== 'lua') return undefined;
  const shown = isFunction(frame.fn) ? cells.get(frame.fn) : undefined;
  return shown ?? announcedCell(frames, frameId(frame.definedAt, frame.endsAt, frame.chunk));
}

/** Walks up from who called last; builtins have announced nothing. */
function announcedCell(frames: readonly Frame[], id: string): GlobalsCell | undefined {
  let found = caller.frame;
  for (const { kind } of frames.slice(0, -1)) if (kind !== 'builtin') found = found?.up;
  return found?.id === id && found.task === running.task ? found.cell : undefined;
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
