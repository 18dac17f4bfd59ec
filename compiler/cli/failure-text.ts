/** What the `lua` command prints of an error that nobody caught. */
import {
  BudgetExceeded,
  LuaError,
  type LuaValue,
  metamethod,
  runTask,
  type Task,
  toDisplay,
  toText,
} from '../../runtime/engine/api.ts';

/** Message and traceback as bytes. Throws again what is no error of Lua. */
export function describeFailure(task: Task, error: unknown): string {
  if (error instanceof BudgetExceeded) return `${error.message}\n${error.traceback}`;
  if (!(error instanceof LuaError)) throw error;
  const text = errorText(task, error.value);
  return error.traceback === undefined ? text : `${text}\n${error.traceback}`;
}

function errorText(task: Task, value: LuaValue): string {
  const text = toText(value);
  if (text !== undefined) return text;
  if (metamethod(value, '__tostring') !== undefined) {
    const shown = runTask(task, () => toDisplay(value), []);
    const first = Array.isArray(shown) ? toText(shown[0]) : undefined;
    if (first !== undefined) return first;
  }
  return '(error object is not a string)';
}
