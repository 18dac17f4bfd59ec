/**
 * Tasks: one run of a Lua function under one environment and one budget. A task that never waits runs to its end
 * synchronously; one that waits is resumed when the host's promise settles, with all registers put back.
 */
import type { Activation, LuaFunction, LuaResult, LuaValue, Wait } from '../contract/abi.ts';
import type { Budget } from './budget.ts';
import { B, currentBudget, spent, switchBudget } from './budget.ts';
import { clearResults, collect, isActivation } from './call.ts';
import type { Environment } from './environment.ts';
import { asLuaError, BudgetExceeded, LuaError } from './error.ts';
import type { Loader } from './loader.ts';
import type { OutputSink } from './output.ts';
import { caller, type RunningRegisters, running } from './registers.ts';

/** What a run belongs to. `host` is the host modules' own object of this run (request, services, script class). */
export interface Task {
  readonly env: Environment;
  readonly budget: Budget;
  readonly host: object | undefined;
  /** Takes what the script prints; the standard output of the process if missing. */
  readonly output?: OutputSink;
  /** Gives the script code at run time; without one, `load` and `require` find nothing. */
  readonly loader?: Loader;
}

/** The running task. Throws when called outside `runTask`: a host function was called by something other than Lua. */
export function currentTask(): Task {
  const { task } = running;
  if (task === undefined) throw new Error('no Lua task is running');
  return task;
}

/**
 * Runs `fn(...args)` as `task`. Returns the results at once when nothing waited, a promise otherwise.
 * Throws (or rejects with) `LuaError` or `BudgetExceeded`, nothing else.
 */
export function runTask(
  task: Task,
  fn: LuaFunction,
  args: readonly LuaValue[],
): Promise<readonly LuaValue[]> | readonly LuaValue[] {
  const outer = occupy(task, FRESH);
  try {
    const result = fn(...args);
    return isActivation(result) ? begin(task, result) : collect(result);
  } catch (error) {
    throw asLuaError(error);
  } finally {
    vacate(outer);
  }
}

/** Thrown into an abandoned wait: becomes `BudgetExceeded` where the script's own stack can be seen. */
const ABANDONED = Symbol('abandoned wait');

/**
 * Waits for the host, in an io host function: `const reply = yield* waitFor(client.get(key))`. A rejection is thrown
 * here unchanged. A wait that outlives the task's deadline is abandoned with `BudgetExceeded`.
 */
export function* waitFor<T>(promise: Promise<T>): Generator<Wait, T, unknown> {
  try {
    return (yield promise) as T;
  } catch (reason) {
    throw reason === ABANDONED ? new BudgetExceeded('deadline') : reason;
  }
}

/**
 * Suspendable code whose slice is used up: `if (--B.c < 0 || B.due) yield* pause()`. Gives the event loop a turn when due, but not
 * inside a coroutine: whoever resumed it may be plain code, which cannot wait.
 */
export function* pause(): Generator<Wait, void, unknown> {
  spent();
  B.due = false;
  if (running.coroutine === undefined && currentBudget()?.turnIsOver()) yield* waitFor(nextTurn());
}

const waitingForTurn: (() => void)[] = [];

/** One paused task goes on per turn of the event loop, so that I/O is looked at between any two of them. */
function nextTurn(): Promise<void> {
  return new Promise((resolve) => {
    if (waitingForTurn.push(resolve) === 1) setImmediate(giveTurn);
  });
}

function giveTurn(): void {
  waitingForTurn.shift()?.();
  if (waitingForTurn.length > 0) setImmediate(giveTurn);
}

/** The registers besides the task that belong to an activation of it. */
type Registers = Omit<RunningRegisters, 'task'>;

const FRESH: Registers = { coroutine: undefined, wantsTrace: true, handled: undefined };

interface Occupant extends RunningRegisters {
  readonly budget: Budget | undefined;
}

/** Gives the thread to `task`; returns who had it (a host function may run a task inside another one). */
function occupy(task: Task, registers: Registers): Occupant {
  const { task: outer, coroutine, wantsTrace, handled } = running;
  running.task = task;
  setRegisters(registers);
  return { task: outer, coroutine, wantsTrace, handled, budget: switchBudget(task.budget) };
}

function vacate(outer: Occupant): void {
  clearResults();
  caller.frame = undefined;
  running.task = outer.task;
  setRegisters(outer);
  switchBudget(outer.budget);
}

function setRegisters(registers: Registers): void {
  running.coroutine = registers.coroutine;
  running.wantsTrace = registers.wantsTrace;
  running.handled = registers.handled;
}

/** First step of a suspendable function, in the stretch that called it. */
function begin(task: Task, activation: Activation): Promise<readonly LuaValue[]> | readonly LuaValue[] {
  const first = activation.next();
  if (first.done === true) return collect(first.value);
  return new Run(task, activation).promise(first.value);
}

/** A task that waits or has waited. */
class Run {
  private readonly task: Task;
  private readonly activation: Activation;
  private registers: Registers = FRESH;
  private resolve: (values: readonly LuaValue[]) => void = () => {};
  private reject: (error: LuaError | BudgetExceeded) => void = () => {};
  private deadlineTimer: NodeJS.Timeout | undefined;
  /** Number of the wait under way; an outcome with another number belongs to an abandoned wait. */
  private waitNumber = 0;

  constructor(task: Task, activation: Activation) {
    this.task = task;
    this.activation = activation;
  }

  promise(first: Wait): Promise<readonly LuaValue[]> {
    return new Promise((resolve, reject) => {
      this.resolve = resolve;
      this.reject = reject;
      this.startDeadline();
      this.wait(first);
    });
  }

  /** Runs in the stretch that produced `wait`: the registers still are the activation's. */
  private wait(wait: Wait): void {
    const number = ++this.waitNumber;
    this.registers = { coroutine: running.coroutine, wantsTrace: running.wantsTrace, handled: running.handled };
    if ('coroutineYield' in wait) throw new LuaError('attempt to yield across metamethod/C-call boundary');
    wait.then(
      (value) => this.settled(number, () => this.activation.next(value)),
      (reason: unknown) => this.settled(number, () => this.activation.throw(reason)),
    );
  }

  private settled(number: number, step: () => IteratorResult<Wait, LuaResult>): void {
    if (number !== this.waitNumber) return;
    const outer = occupy(this.task, this.registers);
    try {
      const next = step();
      if (next.done === true) this.finish(collect(next.value));
      else this.wait(next.value);
    } catch (error) {
      this.fail(asLuaError(error));
    } finally {
      vacate(outer);
    }
  }

  private finish(values: readonly LuaValue[]): void {
    clearTimeout(this.deadlineTimer);
    this.resolve(values);
  }

  private fail(error: LuaError | BudgetExceeded): void {
    this.waitNumber = -1;
    clearTimeout(this.deadlineTimer);
    this.reject(error);
  }

  private startDeadline(): void {
    const left = this.task.budget.remainingMs();
    if (left === Number.POSITIVE_INFINITY) return;
    this.deadlineTimer = setTimeout(() => this.abandon(), Math.min(left, LONGEST_TIMER_MS));
  }

  private abandon(): void {
    if (this.task.budget.remainingMs() > 0) this.startDeadline();
    else this.settled(this.waitNumber, () => this.activation.throw(ABANDONED));
  }
}

/** Node turns longer timers into 1 ms. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;
