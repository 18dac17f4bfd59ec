/** `getfenv` and `setfenv` (Lua 5.1 manual section 5.1). */
import {
  argumentError,
  cellAtLevel,
  cellOf,
  frameAtLevel,
  type LuaResult,
  type LuaValue,
  noResults,
  raise,
  setThreadGlobals,
  threadGlobals,
} from '../api.ts';
import { checkInteger, checkTable } from './arguments.ts';

/** A function, or the level at which one runs. */
type Target = { readonly fn: (...args: LuaValue[]) => LuaResult } | { readonly level: number };

function checkTarget(target: LuaValue, name: string, given: number): Target {
  if (typeof target === 'function') return { fn: target };
  const level = checkInteger(target, 1, name, given);
  if (level < 0) argumentError(1, name, 'level must be non-negative');
  if (level === 0) return { level };
  const frame = frameAtLevel(level);
  if (frame === undefined) argumentError(1, name, 'invalid level');
  if (frame.kind === 'tail') raise(`no function environment for tail call at level ${level}`);
  return { level };
}

function cellOfTarget(target: Target) {
  return 'fn' in target ? cellOf(target.fn) : cellAtLevel(target.level);
}

export function getfenv(of: LuaValue): LuaResult {
  const target = of === undefined ? { level: 1 } : checkTarget(of, 'getfenv', arguments.length);
  return cellOfTarget(target)?.t ?? threadGlobals();
}

export function setfenv(of: LuaValue, table: LuaValue): LuaResult {
  const given = arguments.length;
  const environment = checkTable(table, 2, 'setfenv', given);
  const target = checkTarget(of, 'setfenv', given);
  if ('level' in target && target.level === 0) {
    setThreadGlobals(environment);
    return noResults();
  }
  const cell = cellOfTarget(target);
  if (cell === undefined) raise("'setfenv' cannot change environment of given object");
  cell.t = environment;
  return cell.fn;
}
