/**
 * Lua errors. What is thrown is never a JS `Error`: no name, frame or text of JavaScript may reach a script.
 * Levels and prefixes: Lua 5.1 manual section 5.1 (`error`).
 */
import type { LuaValue } from '../contract/abi.ts';
import { running } from './registers.ts';
import {
  callerOfBuiltin,
  captureStack,
  formatTraceback,
  positionAtLevel,
  positionOfCapture,
  type StackCapture,
} from './traceback.ts';

/** A Lua error on its way to the nearest `pcall`, `xpcall`, `coroutine.resume` or the end of the task. */
export class LuaError {
  readonly value: LuaValue;
  /** The JS stack at the error, kept only if somebody will want a traceback. */
  stack: StackCapture | undefined;

  constructor(value: LuaValue, stack: StackCapture | undefined = running.wantsTrace ? captureStack() : undefined) {
    this.value = value;
    this.stack = stack;
  }

  /** `stack traceback:` and its lines in Lua 5.1's form, without the message; undefined inside a `pcall`. */
  get traceback(): string | undefined {
    return this.stack === undefined ? undefined : formatTraceback(this.stack);
  }
}

export type BudgetReason = 'deadline' | 'blocking' | 'memory';

const BUDGET_MESSAGES: Readonly<Record<BudgetReason, string>> = {
  deadline: 'script deadline exceeded',
  blocking: 'script ran too long without a break',
  memory: 'not enough memory',
};

/** The script used up what it was given. No Lua function can catch it; it ends the task. */
export class BudgetExceeded {
  readonly reason: BudgetReason;
  readonly stack: StackCapture;

  constructor(reason: BudgetReason) {
    this.reason = reason;
    this.stack = captureStack();
  }

  /** With the position of the Lua code that was running, e.g. `feature.lua:3: script deadline exceeded`. */
  get message(): string {
    return positionOfCapture(this.stack) + BUDGET_MESSAGES[this.reason];
  }

  get traceback(): string {
    return formatTraceback(this.stack);
  }
}

/**
 * Raises a string error with a position in front. Level 1 is the Lua code that called the running library function,
 * level 2 its caller, level 0 adds no position. Called by another library function (`pcall(string.rep)`): no position.
 */
export function raise(message: string, level = 1): never {
  const value = level > 0 ? positionAtLevel(level) + message : message;
  throwHereOrLater(value, () => raise(message, level));
}

/** Raises any Lua value unchanged. */
export function raiseValue(value: LuaValue): never {
  throwHereOrLater(value, () => raiseValue(value));
}

function throwHereOrLater(value: LuaValue, raiseAgain: () => never): never {
  throw running.task === undefined ? new StrayError(value, raiseAgain) : new LuaError(value);
}

/**
 * Raised behind an `await` of a host function, where no Lua code is on the stack. The wrapper of the function, which the
 * rejection reaches, raises it again on the stack of the script.
 */
class StrayError extends LuaError {
  private readonly raiseAgain: () => never;

  constructor(value: LuaValue, raiseAgain: () => never) {
    super(value);
    this.raiseAgain = raiseAgain;
  }

  onThisStack(): unknown {
    try {
      return this.raiseAgain();
    } catch (error) {
      return error;
    }
  }
}

/**
 * `bad argument #1 to 'name' (detail)`. The name is the one the caller used, `functionName` only where that is not known;
 * in a method call the receiver does not count (`luaL_argerror` of Lua 5.1).
 */
export function argumentError(index: number, functionName: string, detail: string): never {
  const { calledAs, position } = callerOfBuiltin();
  const name = calledAs === undefined ? functionName : calledAs.name;
  const value = position + argumentText(index, name, calledAs?.kind === 'method', detail);
  throwHereOrLater(value, () => argumentError(index, functionName, detail));
}

function argumentText(index: number, name: string, isMethod: boolean, detail: string): string {
  if (isMethod && index === 1) return `calling '${name}' on bad self (${detail})`;
  return `bad argument #${isMethod ? index - 1 : index} to '${name}' (${detail})`;
}

/** Told of every JS error that reaches a Lua border: a defect of the engine or of a host function, worth a log line. */
export type InternalErrorHook = (error: unknown) => void;

let reportInternal: InternalErrorHook = () => {};

/** Process-wide; the server sets it to its log. Returns the hook it replaces. */
export function setInternalErrorHook(hook: InternalErrorHook): InternalErrorHook {
  const previous = reportInternal;
  reportInternal = hook;
  return previous;
}

/**
 * What a script may see of anything that was thrown: Lua errors and `BudgetExceeded` as they are; V8's stack and size
 * limits as Lua's texts; every other JS error is reported to the hook and becomes a text without detail.
 */
export function asLuaError(thrown: unknown): LuaError | BudgetExceeded {
  if (thrown instanceof LuaError || thrown instanceof BudgetExceeded) return thrown;
  if (isStackOverflow(thrown)) return new LuaError(`${positionOfCapture(thrown)}stack overflow`, thrown);
  if (isTooLarge(thrown)) return new LuaError('not enough memory', thrown);
  reportInternal(thrown);
  return new LuaError(`${positionOfCapture(thrown)}internal error`);
}

/**
 * What the caller of a host function gets of anything that the function threw; to be called by the wrapper of the
 * function, on the script's stack: errors raised behind an `await` and errors of JS get position and traceback here.
 */
export function asHostError(thrown: unknown): unknown {
  if (thrown instanceof StrayError) return thrown.onThisStack();
  if (thrown instanceof LuaError || thrown instanceof BudgetExceeded || isEngineLimit(thrown)) return thrown;
  reportInternal(thrown);
  return new LuaError(`${positionAtLevel(1)}internal error`);
}

/** For `catch` clauses of `pcall` and its kin: the Lua error to hand to the script; rethrows what no script may catch. */
export function caught(thrown: unknown): LuaError {
  const error = asLuaError(thrown);
  if (error instanceof BudgetExceeded) throw error;
  return error;
}

/** Frames that V8 notes of a stack overflow: as many lines as a traceback shows of any stack. */
const OVERFLOW_FRAMES = 32;
Error.stackTraceLimit = Math.max(Error.stackTraceLimit, OVERFLOW_FRAMES);

/** Taken as it is: at the end of the stack nothing more can be called. */
function isEngineLimit(thrown: unknown): boolean {
  return isStackOverflow(thrown) || isTooLarge(thrown);
}

function isStackOverflow(thrown: unknown): thrown is RangeError {
  return thrown instanceof RangeError && thrown.message === 'Maximum call stack size exceeded';
}

function isTooLarge(thrown: unknown): thrown is RangeError {
  return thrown instanceof RangeError && TOO_LARGE.test(thrown.message);
}

const TOO_LARGE = /^(Invalid (string|array|typed array) length|Array buffer allocation failed)/;
