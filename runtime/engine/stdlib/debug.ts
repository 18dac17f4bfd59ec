/**
 * The library `debug` (Lua 5.1 manual section 5.9), as far as compiled code allows: stacks, lines and names; no local
 * variables, upvalues or hooks.
 */
import { readEmittedName } from '../../contract/function-names.ts';
import type { HostFunction } from '../../contract/host.ts';
import {
  argumentError,
  Coroutine,
  cellOf,
  charge,
  chunkOfTag,
  coroutineFrames,
  currentFrames,
  currentTask,
  defineLibrary,
  type Frame,
  formatFrames,
  frameAtLevel,
  getMetatable,
  type LuaFunction,
  LuaObject,
  type LuaResult,
  LuaTable,
  type LuaValue,
  noResults,
  raise,
  rawSetString,
  runningCoroutine,
  setMetatable,
  threadGlobals,
  toNumber,
  toText,
  typeName,
} from '../api.ts';
import { checkAny, checkString, checkTable, optionalInteger } from './arguments.ts';
import { describe } from './describe.ts';

/** Functions of this library may take a coroutine as an additional first argument. */
function splitThread(args: readonly LuaValue[]): { thread: Coroutine | undefined; rest: readonly LuaValue[] } {
  const [first] = args;
  return first instanceof Coroutine ? { thread: first, rest: args.slice(1) } : { thread: undefined, rest: args };
}

/** Lua's view of one level of the stack takes as long as this many passes of a loop. */
const COST_OF_FRAME = 50;

function traceback(...args: LuaValue[]): LuaResult {
  const { thread, rest } = splitThread(args);
  const [message, level] = rest;
  if (rest.length > 0 && toText(message) === undefined) return message;
  const other = thread !== undefined && thread !== runningCoroutine();
  const start = optionalInteger(level, other ? 0 : 1, args.length, 'traceback', args.length);
  const frames = other ? coroutineFrames(thread) : currentFrames();
  charge(frames.length * COST_OF_FRAME);
  // The host that runs the thread is a level, too.
  const inThread = !other && runningCoroutine() === undefined && start <= frames.length;
  const head = rest.length > 0 ? `${toText(message)}\n` : '';
  return head + formatFrames(frames.slice(start), inThread, start);
}

const DEFAULT_FIELDS = 'flnSu';

function getinfo(...args: LuaValue[]): LuaResult {
  const { thread, rest } = splitThread(args);
  const [target, options] = rest;
  const position = args.length - rest.length;
  const what = options === undefined ? DEFAULT_FIELDS : checkString(options, position + 2, 'getinfo', args.length);
  if (/[^SlnufL]/.test(what)) argumentError(position + 2, 'getinfo', 'invalid option');
  if (typeof target === 'function') return infoTable(functionInfo(target), what);
  const level = toNumber(target);
  if (level === undefined) argumentError(position + 1, 'getinfo', 'function or level expected');
  const frame = frameOf(thread, level);
  return frame === undefined ? undefined : infoTable(frameInfo(frame), what);
}

function frameOf(thread: Coroutine | undefined, level: number): Frame | undefined {
  if (level < 0) return undefined;
  if (thread === undefined || thread === runningCoroutine()) return frameAtLevel(Math.trunc(level));
  return coroutineFrames(thread)[Math.trunc(level)];
}

interface FunctionInfo {
  readonly what: 'Lua' | 'C' | 'main' | 'tail';
  readonly shortSource: string;
  /** The chunk name as `load` takes it. */
  readonly source: string;
  readonly firstLine: number;
  readonly lastLine: number;
  readonly currentLine: number;
  readonly name: string | undefined;
  readonly nameKind: string;
  readonly fn: LuaValue;
}

const NO_LINES = { firstLine: -1, lastLine: -1, currentLine: -1, name: undefined, nameKind: '' };

function functionInfo(fn: LuaFunction): FunctionInfo {
  const emitted = readEmittedName(fn.name);
  if (emitted === undefined) return { ...NO_LINES, what: 'C', shortSource: '[C]', source: '=[C]', fn };
  const { firstLine, lastLine, tag } = emitted;
  const what = firstLine === 0 ? 'main' : 'Lua';
  const { name, source } = chunkOfTag(tag) ?? { name: '?', source: '=?' };
  return { ...NO_LINES, what, shortSource: name, source, firstLine, lastLine, fn };
}

function frameInfo(frame: Frame): FunctionInfo {
  if (frame.kind === 'tail' || frame.kind === 'lost') {
    return { ...NO_LINES, what: 'tail', shortSource: '(tail call)', source: '=(tail call)', fn: undefined };
  }
  const { calledAs } = frame;
  const named = calledAs !== undefined && calledAs.kind !== '' ? calledAs : { name: undefined, kind: '' };
  const naming = { name: named.name, nameKind: named.kind, fn: asFunction(frame.fn) };
  if (frame.kind === 'builtin') return { ...NO_LINES, ...naming, what: 'C', shortSource: '[C]', source: '=[C]' };
  return {
    ...naming,
    what: frame.definedAt === 0 ? 'main' : 'Lua',
    shortSource: frame.chunk,
    source: frame.source,
    firstLine: frame.definedAt,
    lastLine: frame.endsAt,
    currentLine: frame.line,
  };
}

function asFunction(value: unknown): LuaFunction | undefined {
  return typeof value === 'function' ? (value as LuaFunction) : undefined;
}

/** What each option letter fills in. */
const FIELDS: Readonly<Record<string, (info: FunctionInfo) => readonly (readonly [string, LuaValue])[]>> = {
  S: (info) => [
    ['source', info.source],
    ['short_src', info.shortSource],
    ['what', info.what],
    ['linedefined', info.firstLine],
    ['lastlinedefined', info.lastLine],
  ],
  l: (info) => [['currentline', info.currentLine]],
  n: (info) => [
    ['name', info.name],
    ['namewhat', info.nameKind],
  ],
  u: () => [['nups', 0]],
  f: (info) => [['func', info.fn]],
  L: () => [],
};

function infoTable(info: FunctionInfo, what: string): LuaTable {
  const table = new LuaTable();
  for (const letter of what) {
    for (const [key, value] of FIELDS[letter]?.(info) ?? []) if (value !== undefined) rawSetString(table, key, value);
  }
  return table;
}

function getmetatable(value: LuaValue): LuaResult {
  checkAny(1, 'getmetatable', arguments.length);
  return getMetatable(value);
}

/** Primitive types have one metatable each, per environment. */
function setmetatable(value: LuaValue, metatable: LuaValue): LuaResult {
  if (!(metatable === undefined || metatable instanceof LuaTable)) {
    argumentError(2, 'setmetatable', 'nil or table expected');
  }
  if (value instanceof LuaTable || value instanceof LuaObject) setMetatable(value, metatable);
  else currentTask().env.setPrimitiveMetatable(typeof value, metatable);
  return true;
}

/** The environment of a function or thread; unlike the basic function, this one takes no levels. */
function getfenv(object: LuaValue): LuaResult {
  checkAny(1, 'getfenv', arguments.length);
  if (object instanceof Coroutine) return threadGlobals(object);
  return typeof object === 'function' ? (cellOf(object)?.t ?? threadGlobals()) : undefined;
}

function setfenv(object: LuaValue, table: LuaValue): LuaResult {
  const environment = checkTable(table, 2, 'setfenv', arguments.length);
  const cell = typeof object === 'function' ? cellOf(object) : undefined;
  if (object instanceof Coroutine) object.globals = environment;
  else if (cell !== undefined) cell.t = environment;
  else raise("'setfenv' cannot change environment of given object");
  return object;
}

/** No variable can be seen, but a level that does not exist is an error all the same. */
function getlocal(...args: LuaValue[]): LuaResult {
  const { thread, rest } = splitThread(args);
  const level = toNumber(rest[0]);
  const at = args.length - rest.length + 1;
  if (level === undefined)
    argumentError(at, 'getlocal', `number expected, got ${rest.length === 0 ? 'no value' : typeName(rest[0])}`);
  if (frameOf(thread, level) === undefined) argumentError(at, 'getlocal', 'level out of range');
  return undefined;
}

function getregistry(): LuaResult {
  return new LuaTable();
}

/** Compiled code has no hooks; accepted and without effect, so that scripts which set one for profiling still run. */
function sethook(): LuaResult {
  return noResults();
}

function gethook(): LuaResult {
  return undefined;
}

/** Local variables and upvalues are JavaScript's: none can be seen or set by number. */
export const debugLibrary = defineLibrary('debug', {
  getfenv,
  gethook,
  getinfo,
  getlocal,
  getmetatable,
  getregistry,
  getupvalue: () => noResults(),
  setfenv,
  sethook,
  setlocal: () => undefined,
  setmetatable,
  setupvalue: () => noResults(),
  traceback,
});

export const debugFunctions: readonly HostFunction[] = [
  describe('sync', 'getfenv(object: any): table', 'Environment of a function or thread.'),
  describe('sync', 'gethook(): any', 'Always nil: there are no hooks.'),
  describe('sync', 'getinfo(f: any, what?: string): table', 'Name, file and lines of a function or level.'),
  describe('sync', 'getlocal(level: any, index: integer): string, any', 'Nothing: local variables cannot be seen.'),
  describe('sync', 'getmetatable(value: any): table', 'The metatable, __metatable not considered.'),
  describe('sync', 'getregistry(): table', 'An empty table.'),
  describe('sync', 'getupvalue(f: function, index: integer): string, any', 'Nothing: upvalues cannot be seen.'),
  describe('sync', 'setfenv(object: any, t: table): any', 'Sets the environment of a function or thread.'),
  describe('sync', 'sethook(hook?: function, mask?: string, count?: integer)', 'Accepted without effect.'),
  describe('sync', 'setlocal(level: any, index: integer, value: any): string', 'Nil: local variables cannot be set.'),
  describe('sync', 'setmetatable(value: any, metatable?: table): boolean', 'Sets the metatable of any value.'),
  describe('sync', 'setupvalue(f: function, index: integer, value: any): string', 'Nothing: upvalues cannot be set.'),
  describe('sync', 'traceback(message?: any, level?: integer): string', 'The Lua stack as text.'),
];
