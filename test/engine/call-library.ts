/** Calls library functions as a script would: in a task, with any arguments, both colours. */
import {
  asLuaError,
  Budget,
  collect,
  createEnvironment,
  type Environment,
  first,
  index,
  isActivation,
  LuaError,
  type LuaFunction,
  type LuaValue,
  rawGetString,
  runTask,
  setInternalErrorHook,
  type Task,
  waitFor,
} from '../../runtime/engine/api.ts';
import { ioLibrary } from '../../runtime/engine/stdlib/io.ts';
import { mathLibrary } from '../../runtime/engine/stdlib/math.ts';
import { osLibrary } from '../../runtime/engine/stdlib/os.ts';
import { stringLibrary } from '../../runtime/engine/stdlib/string.ts';
import { tableLibrary } from '../../runtime/engine/stdlib/table.ts';

// A failed assertion inside a task is not Lua's business.
setInternalErrorHook((error) => {
  throw error;
});

const LIBRARIES = [stringLibrary, tableLibrary, mathLibrary, osLibrary, ioLibrary];

export interface TaskOptions {
  readonly env?: Environment;
  readonly deadlineMs?: number;
  readonly memoryBytes?: number;
  readonly output?: (bytes: string) => void;
}

export function newEnvironment(): Environment {
  return createEnvironment(LIBRARIES);
}

function newTask(options: TaskOptions): Task {
  const { deadlineMs = 10_000, memoryBytes = 256 << 20, output } = options;
  const task = {
    env: options.env ?? newEnvironment(),
    budget: new Budget({ deadlineMs, memoryBytes }),
    host: undefined,
  };
  return output === undefined ? task : { ...task, output };
}

/** The results of `body`, run in a task; throws what it throws, waits if it waits. */
export function inTask(body: LuaFunction, options: TaskOptions = {}) {
  return runTask(newTask(options), body, []);
}

/** The results of `body`, which must not wait. */
export function run(body: LuaFunction, options: TaskOptions = {}): readonly LuaValue[] {
  const outcome = inTask(body, options);
  if (outcome instanceof Promise) throw new Error('the call waits');
  return outcome;
}

/** `call('string.rep', 'x', 3)`: the results of a library function, which must not wait. */
export function call(path: string, ...args: LuaValue[]): readonly LuaValue[] {
  return run(() => libraryFunction(path)(...args));
}

/** The same for a function that may wait. */
export async function callWaiting(path: string, ...args: LuaValue[]): Promise<readonly LuaValue[]> {
  return inTask(() => libraryFunction(path)(...args));
}

/** The message of the error that the call raises. */
export function errorOf(path: string, ...args: LuaValue[]): LuaValue {
  return errorIn(() => libraryFunction(path)(...args));
}

export function errorIn(body: LuaFunction, options: TaskOptions = {}): LuaValue {
  try {
    run(body, options);
  } catch (thrown) {
    const error = asLuaError(thrown);
    return error instanceof LuaError ? error.value : error.message;
  }
  throw new Error('no error was raised');
}

/** A library function of a fresh environment: they are the same in all. */
export function libraryFunction(path: string): LuaFunction {
  const [library = '', name = ''] = path.split('.');
  const table = rawGetString(newEnvironment().globals, library);
  return first(index(table, name)) as LuaFunction;
}

/** Calls a method of a userdata and collects its results; inside a task. */
export function method(object: LuaValue, name: string, ...args: LuaValue[]): LuaValue[] {
  const result = (first(index(object, name)) as LuaFunction)(object, ...args);
  if (isActivation(result)) throw new Error('the call waits');
  return collect(result);
}

/** `f` as a function that waits for the host before it answers. */
export function waiting(f: (...args: LuaValue[]) => LuaValue): LuaFunction {
  return function* (...args: LuaValue[]) {
    yield* waitFor(Promise.resolve());
    return f(...args);
  };
}
