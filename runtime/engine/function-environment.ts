/**
 * Environments of single functions, for `setfenv`, `getfenv` and `module` (Lua 5.1 manual section 2.9). Only code that
 * was emitted for it has them: each closure then reads its globals through a cell of its own. All other functions live
 * in the globals of the task.
 */
import type { LuaFunction } from '../contract/abi.ts';
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

/** Set by emitted code right before a call that may be of `setfenv`, `getfenv` or `module`: level 1 is this cell. */
export const caller: { cell: GlobalsCell | undefined } = { cell: undefined };

/**
 * The cell of the function at a level (1 = who called the running builtin). Undefined for builtins and where V8 does not
 * show the function; then the level lives in the task's globals.
 */
export function cellAtLevel(level: number): GlobalsCell | undefined {
  const announced = caller.cell;
  caller.cell = undefined;
  if (level === 1 && announced !== undefined) return announced;
  const frame = frameAtLevel(level);
  return frame?.kind === 'lua' && isFunction(frame.fn) ? cells.get(frame.fn) : undefined;
}

function isFunction(value: unknown): value is LuaFunction {
  return typeof value === 'function';
}
