/**
 * Lua's view of the JS stack: frames of Lua functions and builtins only, with Lua lines and names.
 * Texts and the rule for long stacks follow Lua 5.1's `debug.traceback`.
 */
import { type Border, type FrameName, type LuaPosition, luaPosition, readFrameName } from './positions.ts';
import { running } from './registers.ts';

/** An object that holds a JS stack: from `captureStack`, or a JS error. */
export type StackCapture = object;

/** One level of the Lua stack, innermost first. */
export type Frame =
  | LuaFrame
  | BuiltinFrame
  | { readonly kind: 'tail' }
  /** Stands for all further levels, which are not known. */
  | { readonly kind: 'lost' };

interface LuaFrame {
  readonly kind: 'lua';
  /** `?` where the code is known no more, then without a line (0). */
  readonly chunk: string;
  /** The chunk name as `load` takes it. */
  readonly source: string;
  readonly line: number;
  /** Line of the `function` keyword; 0 for a main chunk. */
  readonly definedAt: number;
  /** Line of its `end`. */
  readonly endsAt: number;
  /** How the caller calls this function; undefined when nothing in Lua did. */
  readonly calledAs: CalleeName | undefined;
  /** The function, where V8 shows it. */
  readonly fn: unknown;
}

interface BuiltinFrame {
  readonly kind: 'builtin';
  readonly name: string;
  readonly calledAs: CalleeName | undefined;
  readonly fn: unknown;
}

interface CalleeName {
  /** `global`, `local`, `method`, `field`, `upvalue`; empty when the call names nothing. */
  readonly kind: string;
  readonly name: string;
}

/** Enough for a library function, its helpers and the Lua function that called it; each frame costs half a microsecond. */
const NEAR = 7;

/** The stack above (outside) `inner`, which must be running. */
export function captureStack(depth = Number.POSITIVE_INFINITY, inner: CapturePoint = captureStack): StackCapture {
  const holder = {};
  const limit = Error.stackTraceLimit;
  Error.stackTraceLimit = depth;
  Error.captureStackTrace(holder, inner);
  Error.stackTraceLimit = limit;
  return holder;
}

type CapturePoint = (...args: never[]) => unknown;

/** The Lua frames of a capture, innermost first, up to where the script or coroutine began. */
export function framesOf(capture: StackCapture): Frame[] {
  const { frames, border } = readFrames(sitesOf(capture));
  // V8 notes only the innermost frames of a stack that overflowed.
  return capture instanceof RangeError && border === undefined ? [...frames, { kind: 'lost' }] : frames;
}

/** The frames of the running Lua code; inside a message handler of `xpcall` those of the error follow its own. */
export function currentFrames(): Frame[] {
  return framesAround(captureStack(Number.POSITIVE_INFINITY, currentFrames)).frames;
}

function framesAround(capture: StackCapture): ReadFrames {
  const read = readFrames(sitesOf(capture));
  if (read.border !== 'handler' || running.handled === undefined) return read;
  return { ...read, frames: [...read.frames, ...framesOf(running.handled)] };
}

/**
 * Level 0 is the running builtin, 1 the function that called it. Outermost in a script's own thread is the host, which is
 * a builtin, too.
 */
export function frameAtLevel(level: number): Frame | undefined {
  const near = framesAround(captureStack(NEAR + level, frameAtLevel));
  return (
    pickLevel(near.frames, level) ?? pickLevel(withHost(framesAround(captureStack(undefined, frameAtLevel))), level)
  );
}

/** The frames of levels 1 to `level`; fewer where the stack is not that deep. */
export function framesToLevel(level: number): readonly Frame[] {
  const frames = withHost(framesAround(captureStack(undefined, framesToLevel)));
  const first = frames[0]?.kind === 'builtin' ? 1 : 0;
  return frames.slice(first, first + level);
}

const HOST: Frame = { kind: 'builtin', name: '?', calledAs: undefined, fn: undefined };

function withHost({ frames, border }: ReadFrames): readonly Frame[] {
  return border === 'base' || running.coroutine !== undefined ? frames : [...frames, HOST];
}

/** A builtin nobody named has no frame: then the first Lua frame is level 1 all the same. */
function pickLevel(frames: readonly Frame[], level: number): Frame | undefined {
  return frames[frames[0]?.kind === 'builtin' ? level : level - 1];
}

/** `chunk:line: ` of the Lua function at a level; empty for builtins, lost frames and beyond the stack. */
export function positionAtLevel(level: number): string {
  const frame = frameAtLevel(level);
  return frame?.kind === 'lua' ? positionOf(frame) : '';
}

/** Position of the innermost Lua function of a stack; empty when there is none. */
export function positionOfCapture(capture: unknown): string {
  if (typeof capture !== 'object' || capture === null) return '';
  const frame = framesOf(capture).find((candidate) => candidate.kind === 'lua');
  return frame?.kind === 'lua' ? positionOf(frame) : '';
}

/** The call of the running builtin. */
interface Caller {
  /** How it was called: undefined when the call cannot be seen, name `?` when it has no name. */
  readonly calledAs: CalleeName | undefined;
  /** `positionAtLevel(1)` */
  readonly position: string;
}

export function callerOfBuiltin(): Caller {
  const near = framesAround(captureStack(NEAR, callerOfBuiltin));
  const isNear = near.border !== undefined || pickLevel(near.frames, 1) !== undefined;
  const { frames, pending } = isNear ? near : framesAround(captureStack(undefined, callerOfBuiltin));
  const caller = pickLevel(frames, 1);
  return { calledAs: calledAs(frames, pending), position: caller?.kind === 'lua' ? positionOf(caller) : '' };
}

function calledAs([top, caller]: readonly Frame[], pending: CalleeName | undefined): CalleeName | undefined {
  if (top?.kind !== 'builtin') return pending;
  return top.calledAs ?? (caller?.kind === 'lua' ? undefined : UNNAMED);
}

function positionOf({ chunk, line }: LuaFrame): string {
  return line > 0 ? `${chunk}:${line}: ` : '';
}

const UNNAMED: CalleeName = { kind: '', name: '?' };

interface ReadFrames {
  readonly frames: Frame[];
  /** What ended the reading. */
  readonly border: Border | undefined;
  /** How the innermost Lua frame calls what is running now, when that has no frame of its own. */
  readonly pending: CalleeName | undefined;
}

/** A frame before it is known who called it. */
type RawFrame =
  | {
      readonly kind: 'lua';
      chunk: string;
      source: string;
      line: number;
      definedAt: number;
      endsAt: number;
      callee: string | undefined;
      fn: unknown;
    }
  | { readonly kind: 'builtin'; name: string; fn: unknown };

function readFrames(sites: readonly NodeJS.CallSite[]): ReadFrames {
  const raw: RawFrame[] = [];
  let border: Border | undefined;
  for (const site of sites) {
    const name = readFrameName(site.getFunctionName() ?? '');
    if (name?.kind === 'border') {
      border = name.border;
      break;
    }
    const frame = name === undefined ? undefined : rawFrame(site, name);
    if (frame !== undefined) raw.push(frame);
  }
  const [top] = raw;
  const pending = top?.kind === 'lua' ? calleeName(top.callee) : undefined;
  return { frames: nameFrames(raw), border, pending };
}

function rawFrame(site: NodeJS.CallSite, name: FrameName): RawFrame | undefined {
  const fn: unknown = site.getFunction();
  if (name.kind === 'builtin') return { kind: 'builtin', name: name.name, fn };
  if (name.kind === 'border') return undefined;
  const script = site.getScriptNameOrSourceURL();
  const line = site.getLineNumber();
  const column = site.getColumnNumber();
  if (script === null || line === null || column === null) return undefined;
  const position = luaPosition(script, line, column) ?? UNKNOWN_POSITION;
  return { kind: 'lua', ...position, definedAt: name.firstLine, endsAt: name.lastLine, fn };
}

/** Of code made at run time whose table was dropped. */
const UNKNOWN_POSITION: LuaPosition = { chunk: '?', source: '=?', line: 0, callee: undefined };

/** Gives every frame the name its caller uses, and turns frames that a tail call replaced into `(tail call)`. */
function nameFrames(raw: readonly RawFrame[]): Frame[] {
  let lost = false;
  return raw.map((frame, level) => {
    if (lost) {
      lost = isTailCall(frame, raw[level + 1]);
      return { kind: 'tail' };
    }
    const caller = raw[level + 1];
    lost = isTailCall(frame, caller);
    const calledAs = lost || caller?.kind !== 'lua' ? undefined : calleeName(caller.callee);
    if (frame.kind === 'builtin') return { ...frame, calledAs };
    const { chunk, source, line, definedAt, endsAt, fn } = frame;
    return { kind: 'lua', chunk, source, line, definedAt, endsAt, fn, calledAs };
  });
}

function isTailCall(callee: RawFrame, caller: RawFrame | undefined): boolean {
  return callee.kind === 'lua' && caller?.kind === 'lua' && caller.callee?.endsWith('!') === true;
}

function calleeName(text: string | undefined): CalleeName | undefined {
  if (text === undefined) return undefined;
  const plain = text.endsWith('!') ? text.slice(0, -1) : text;
  const space = plain.indexOf(' ');
  return space < 0 ? UNNAMED : { kind: plain.slice(0, space), name: plain.slice(space + 1) };
}

function sitesOf(capture: StackCapture): readonly NodeJS.CallSite[] {
  const prepare = Error.prepareStackTrace;
  Error.prepareStackTrace = keepSites;
  try {
    const stack: unknown = 'stack' in capture ? capture.stack : undefined;
    return Array.isArray(stack) ? stack : [];
  } finally {
    Error.prepareStackTrace = prepare;
  }
}

const keepSites = (_error: Error, sites: NodeJS.CallSite[]): NodeJS.CallSite[] => sites;

/** Of a long stack the levels below this one are shown, `...`, and the last ones, unless that would hide a single line. */
const FIRST_LEVELS = 12;
const LAST_LINES = 10;

/** A handler of errors, as the `lua` program has one, begins to count above itself. */
const LEVEL_OF_HANDLER = 2;

/**
 * `stack traceback:` and one line a level; `level` is that of the first frame. `inThread`: not a coroutine, so the host's
 * own `[C]: ?` closes the list.
 */
export function formatFrames(frames: readonly Frame[], inThread: boolean, level = LEVEL_OF_HANDLER): string {
  const first = Math.max(0, FIRST_LEVELS - level);
  const isWhole = frames.at(-1)?.kind !== 'lost';
  const lines = (isWhole ? frames : frames.slice(0, first + LAST_LINES - 1)).map(frameLine);
  if (!isWhole) lines.push('...');
  else if (inThread) lines.push('[C]: ?');
  const isLong = lines.length > first + LAST_LINES + 1;
  const shown = isLong ? [...lines.slice(0, first), '...', ...lines.slice(-LAST_LINES)] : lines;
  return ['stack traceback:', ...shown.map((line) => `\t${line}`)].join('\n');
}

export function formatTraceback(capture: StackCapture, inThread = running.coroutine === undefined): string {
  return formatFrames(framesOf(capture), inThread);
}

function frameLine(frame: Frame): string {
  if (frame.kind === 'tail' || frame.kind === 'lost') return '(tail call): ?';
  const named = frame.calledAs !== undefined && frame.calledAs.kind !== '' ? frame.calledAs.name : undefined;
  if (frame.kind === 'builtin') return named === undefined ? '[C]: ?' : `[C]: in function '${named}'`;
  return `${frame.chunk}:${frame.line > 0 ? `${frame.line}:` : ''} ${functionDescription(frame, named)}`;
}

function functionDescription(frame: LuaFrame, named: string | undefined): string {
  if (frame.definedAt === 0 && named === undefined) return 'in main chunk';
  return named === undefined ? `in function <${frame.chunk}:${frame.definedAt}>` : `in function '${named}'`;
}
