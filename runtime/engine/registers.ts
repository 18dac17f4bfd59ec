/**
 * What is running right now, as one module-level object: the scheduler and coroutines swap its fields whenever another
 * activation gets the thread, so that nothing of one task is ever visible to another.
 */
import type { Coroutine } from './coroutine.ts';
import type { CallerFrame } from './function-environment.ts';
import type { Task } from './scheduler.ts';
import type { StackCapture } from './traceback.ts';

export interface RunningRegisters {
  /** The task that has the thread; undefined outside `runTask`. */
  task: Task | undefined;
  /** The innermost running coroutine; undefined in the script's own thread. */
  coroutine: Coroutine | undefined;
  /** Does whoever will catch an error now want its stack? False inside `pcall`, which throws the stack away. */
  wantsTrace: boolean;
  /** While a message handler of `xpcall` runs: the stack of the error it handles. */
  handled: StackCapture | undefined;
}

export const running: RunningRegisters = {
  task: undefined,
  coroutine: undefined,
  wantsTrace: true,
  handled: undefined,
};

/** Set by emitted code right before each call, where functions have environments: who calls. */
export const caller: { frame: CallerFrame | undefined } = { frame: undefined };
