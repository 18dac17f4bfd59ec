/**
 * Lua coroutines (Lua 5.1 manual section 2.11) on generators. A `yield` is a `YieldRequest` that travels up the `yield*`
 * chain to the resumer; a wait of the host travels on through it to the scheduler. Yielding works across `pcall`,
 * metamethods, iterators and library callbacks.
 */
import type { Activation, CoroutineYield, LuaFunction, LuaResult, LuaValue, Multi, Wait } from '../contract/abi.ts';
import { callSpread0, fewResults, isActivation, MULTI, resultsFrom, X } from './call.ts';
import { caught, LuaError } from './error.ts';
import { nameBorder, nameBuiltin } from './positions.ts';
import { running } from './registers.ts';
import type { LuaTable } from './table.ts';
import { captureStack, type Frame, framesOf, type StackCapture } from './traceback.ts';
import { LuaObject } from './value.ts';

export type CoroutineStatus = 'suspended' | 'running' | 'normal' | 'dead';

/** A Lua value of type `thread`. */
export class Coroutine extends LuaObject {
  status: CoroutineStatus = 'suspended';
  readonly body: LuaFunction;
  /** The started body, once it yielded or waited. */
  activation: Activation | undefined;
  /** Who resumed this coroutine; undefined for the script's own thread. Meaningful while running or normal. */
  resumer: Coroutine | undefined;
  /** Registers while another coroutine runs. */
  wantsTrace = true;
  handled: StackCapture | undefined;
  /** Set by `setfenv(0, t)` in it or in a thread it comes from, see function-environment.ts. */
  globals: LuaTable | undefined =
    running.coroutine === undefined ? running.task?.env.threadGlobals : running.coroutine.globals;
  /** The stack at the error that ended it. */
  lastStack: StackCapture | undefined;

  constructor(body: LuaFunction) {
    super();
    this.body = body;
  }

  override get luaType(): 'thread' {
    return 'thread';
  }
}

/** What travels up, the same for all: the values are in the result registers, and the resumer looks at once. */
const YIELD: CoroutineYield = Object.freeze({ coroutineYield: true });

/** The running coroutine; undefined in the script's own thread. */
export function runningCoroutine(): Coroutine | undefined {
  return running.coroutine;
}

/** Sent instead of values to see the stack of a suspended coroutine. */
export class Inspection {
  stack: StackCapture | undefined;
}

/** `coroutine.yield`: results are what the next resume passes. */
export const yieldValues: LuaFunction = nameBuiltin(function (a, b, c): Activation {
  const few = arguments.length <= 3;
  return suspend(handOver(few ? fewResults(arguments.length, a, b, c) : resultsFrom([...arguments])));
}, 'yield');

/** Puts the values of a yield where the resumer finds them, and gives what must be yielded then. */
export const handOver = nameBuiltin((values: LuaValue | Multi): CoroutineYield => {
  if (running.coroutine === undefined) throw new LuaError('attempt to yield across metamethod/C-call boundary');
  if (values !== MULTI) {
    X.n = 1;
    X.a = values as LuaValue;
  }
  return YIELD;
}, 'yield');

/** Yields until values are sent. A resumer that only looks gets the stack. */
const suspend = nameBuiltin(function* (request: CoroutineYield): Activation {
  let sent: unknown = yield request;
  while (sent instanceof Inspection) {
    sent.stack = captureStack();
    sent = yield request;
  }
  return sent as LuaValue | Multi;
}, 'yield');

/** `suspend` for code that has yielded itself and was sent an inspection. */
export const inspected = nameBuiltin(function* (inspection: Inspection): Activation {
  let sent: unknown = inspection;
  while (sent instanceof Inspection) {
    sent.stack = captureStack();
    sent = yield YIELD;
  }
  return sent as LuaValue | Multi;
}, 'yield');

/** What becomes of a coroutine's outcome: `coroutine.resume` and wrapped functions differ only in this. */
export interface ResumeStyle {
  readonly succeed: (values: LuaValue | Multi) => LuaValue | Multi;
  /** Returns the results that report the error, or throws it. */
  readonly fail: (error: LuaError) => LuaValue | Multi;
}

/**
 * Runs `coroutine` until it yields, returns or fails. The result is what `style` makes of that, or an activation when
 * the body waits for the host. The coroutine must be suspended. `args` as results: their registers are read at once.
 */
export function resume(coroutine: Coroutine, args: LuaValue | Multi, style: ResumeStyle): LuaResult {
  enter(coroutine);
  let step: Step;
  try {
    step = coroutine.activation === undefined ? start(coroutine, args) : advance(coroutine.activation, args);
  } catch (error) {
    return endByError(coroutine, error, style);
  }
  return isHostWait(step) ? passWaits(coroutine, step.value, style) : settle(coroutine, step, style);
}

type Step = IteratorResult<Wait, LuaResult>;
interface HostWait {
  readonly done?: false;
  readonly value: Promise<unknown>;
}

function isHostWait(step: Step): step is HostWait {
  return step.done !== true && step.value !== YIELD;
}

/** First resume: a body that never suspends is finished after it. */
const start = nameBorder((coroutine: Coroutine, args: LuaValue | Multi): Step => {
  const result = callSpread0(coroutine.body, args);
  if (!isActivation(result)) return { done: true, value: result };
  coroutine.activation = result;
  return result.next();
}, 'base');

const advance = nameBorder((activation: Activation, sent: unknown): Step => activation.next(sent), 'base');

const advanceByError = nameBorder((activation: Activation, reason: unknown): Step => activation.throw(reason), 'base');

/** Waits of the host inside the body: to the scheduler and back, through however many coroutines. */
const passWaits = nameBuiltin(function* (coroutine: Coroutine, wait: Wait, style: ResumeStyle): Activation {
  const activation = coroutine.activation as Activation;
  let pending: Wait = wait;
  for (;;) {
    let step: Step;
    try {
      step = yield* exchange(activation, pending);
    } catch (error) {
      return endByError(coroutine, error, style);
    }
    if (!isHostWait(step)) return settle(coroutine, step, style);
    pending = step.value;
  }
}, 'resume');

function* exchange(activation: Activation, wait: Wait): Generator<Wait, Step, unknown> {
  let value: unknown;
  try {
    value = yield wait;
  } catch (reason) {
    return advanceByError(activation, reason);
  }
  return advance(activation, value);
}

function settle(coroutine: Coroutine, step: Step, style: ResumeStyle): LuaValue | Multi {
  if (step.done === true) {
    coroutine.activation = undefined;
    leave(coroutine, 'dead');
    return style.succeed(step.value as LuaValue | Multi);
  }
  leave(coroutine, 'suspended');
  return style.succeed(X.n === 1 ? X.a : MULTI);
}

function endByError(coroutine: Coroutine, thrown: unknown, style: ResumeStyle): LuaValue | Multi {
  coroutine.activation = undefined;
  leave(coroutine, 'dead');
  const error = caught(thrown);
  coroutine.lastStack = error.stack;
  return style.fail(error);
}

function enter(coroutine: Coroutine): void {
  const outer = running.coroutine;
  coroutine.resumer = outer;
  if (outer !== undefined) outer.status = 'normal';
  coroutine.status = 'running';
  const { wantsTrace, handled } = coroutine;
  coroutine.wantsTrace = running.wantsTrace;
  coroutine.handled = running.handled;
  running.coroutine = coroutine;
  running.wantsTrace = wantsTrace;
  running.handled = handled;
}

/** While it runs, a coroutine's own fields keep the registers of its resumer: swap them back. */
function leave(coroutine: Coroutine, status: 'suspended' | 'dead'): void {
  const outer = coroutine.resumer;
  coroutine.resumer = undefined;
  coroutine.status = status;
  if (outer !== undefined) outer.status = 'running';
  const { wantsTrace, handled } = running;
  running.coroutine = outer;
  running.wantsTrace = coroutine.wantsTrace;
  running.handled = coroutine.handled;
  coroutine.wantsTrace = wantsTrace;
  coroutine.handled = handled;
}

/** Frames of a coroutine that is not running, innermost first: where it yielded, or where it failed. */
export function coroutineFrames(coroutine: Coroutine): Frame[] {
  if (coroutine.status === 'dead') return coroutine.lastStack === undefined ? [] : framesOf(coroutine.lastStack);
  if (coroutine.activation === undefined || coroutine.status !== 'suspended') return [];
  const inspection = new Inspection();
  advance(coroutine.activation, inspection);
  return inspection.stack === undefined ? [] : framesOf(inspection.stack);
}

/** `cannot resume dead coroutine` and its kin. */
export function cannotResume(coroutine: Coroutine): string {
  return `cannot resume ${coroutine.status} coroutine`;
}
