/** The basic functions (Lua 5.1 manual section 5.1): values, tables, arguments, errors. */
import type { HostFunction } from '../../contract/host.ts';
import {
  type Activation,
  argumentError,
  bothColours,
  callValue,
  charge,
  cursorAt,
  defineLibrary,
  fewResults,
  getMetatable,
  handledCall,
  isActivation,
  isTruthy,
  type LuaFunction,
  LuaObject,
  type LuaResult,
  LuaTable,
  type LuaValue,
  nameBuiltin,
  noResults,
  protectedCall,
  raise,
  raiseValue,
  rawGet,
  rawGetNumber,
  rawGetString,
  rawLength,
  rawSet,
  registerIntrinsics,
  results2,
  results3,
  resultsFrom,
  type Steps,
  setMetatable,
  threadGlobals,
  toDisplay,
  toText,
  typeName,
  usedHeapBytes,
  writeOutput,
} from '../api.ts';
import { parseInteger, stringToNumber } from '../strings/number.ts';
import { checkAny, checkInteger, checkString, checkTable, optionalInteger } from './arguments.ts';
import { describe } from './describe.ts';
import { getfenv, setfenv } from './function-environments.ts';
import { dofile, load, loadfile, loadstring } from './loading.ts';
import { module, require } from './package.ts';

function assert(value: LuaValue, message: LuaValue): LuaResult {
  const given = arguments.length;
  checkAny(1, 'assert', given);
  if (!isTruthy(value)) failAssertion(message, given);
  if (given === 1) return value;
  return given === 2 ? results2(value, message) : resultsFrom([...arguments]);
}

/** Like gopher-lua, and unlike PUC Lua, lets tables pass as error values. */
function failAssertion(message: LuaValue, given: number): never {
  if (message instanceof LuaTable) raiseValue(message);
  raise(message === undefined ? 'assertion failed!' : checkString(message, 2, 'assert', given));
}

function error(value: LuaValue, level: LuaValue): LuaResult {
  const depth = optionalInteger(level, 1, 2, 'error', arguments.length);
  const text = toText(value);
  return text !== undefined && depth > 0 ? raise(text, depth) : raiseValue(value);
}

function pcall(callee: LuaValue, a: LuaValue, b: LuaValue, c: LuaValue): LuaResult {
  const given = arguments.length - 1;
  checkAny(1, 'pcall', given + 1);
  return protectedCall(callee, given <= 3 ? fewResults(given, a, b, c) : resultsFrom([...arguments].slice(1)));
}

function xpcall(callee: LuaValue, handler: LuaValue): LuaResult {
  checkAny(2, 'xpcall', arguments.length);
  return handledCall(callee, handler);
}

const OPTIONS_WITH_ZERO = ['collect', 'stop', 'restart'];
/** What `setpause` and `setstepmul` were: the collector is V8's, nothing can be tuned. */
const COLLECTOR_TUNING = 200;

function collectgarbage(option: LuaValue): LuaResult {
  const name = option === undefined ? 'collect' : checkString(option, 1, 'collectgarbage', arguments.length);
  if (OPTIONS_WITH_ZERO.includes(name)) return 0;
  if (name === 'count') return usedHeapBytes() / 1024;
  if (name === 'step') return true;
  if (name === 'setpause' || name === 'setstepmul') return COLLECTOR_TUNING;
  return argumentError(1, 'collectgarbage', `invalid option '${name}'`);
}

function gcinfo(): LuaResult {
  return Math.floor(usedHeapBytes() / 1024);
}

function getmetatable(value: LuaValue): LuaResult {
  checkAny(1, 'getmetatable', arguments.length);
  const metatable = getMetatable(value);
  return metatable === undefined ? undefined : (rawGetString(metatable, '__metatable') ?? metatable);
}

function setmetatable(table: LuaValue, metatable: LuaValue): LuaResult {
  const target = checkTable(table, 1, 'setmetatable', arguments.length);
  if (arguments.length < 2 || !(metatable === undefined || metatable instanceof LuaTable)) {
    argumentError(2, 'setmetatable', 'nil or table expected');
  }
  const old = getMetatable(target);
  if (old !== undefined && rawGetString(old, '__metatable') !== undefined) {
    raise('cannot change a protected metatable');
  }
  setMetatable(target, metatable);
  return target;
}

function ipairs(table: LuaValue): LuaResult {
  return results3(nextElement, checkTable(table, 1, 'ipairs', arguments.length), 0);
}

const nextElement: LuaFunction = (table, at) => {
  const next = (at as number) + 1;
  const value = rawGetNumber(table as LuaTable, next);
  return value === undefined ? noResults() : results2(next, value);
};

function next(table: LuaValue, key: LuaValue): LuaResult {
  const cursor = cursorAt(checkTable(table, 1, 'next', arguments.length), key);
  return cursor.step() ? results2(cursor.k, cursor.v) : undefined;
}

/** Works as `next`, but is a function of its own, as in Lua 5.1. */
const nextPair: LuaFunction = (table, key) => next(table, key);

function pairs(table: LuaValue): LuaResult {
  return results3(nextPair, checkTable(table, 1, 'pairs', arguments.length), undefined);
}

/** `newproxy(true)` has a metatable of its own, `newproxy(proxy)` shares that of another one. */
function newproxy(like: LuaValue): LuaResult {
  const proxy = new LuaObject();
  if (like === true) setMetatable(proxy, new LuaTable());
  else if (proxies.has(like as LuaObject)) setMetatable(proxy, getMetatable(like));
  else if (isTruthy(like)) argumentError(1, 'newproxy', 'boolean or proxy expected');
  if (isTruthy(like)) proxies.add(proxy);
  return proxy;
}

const proxies = new WeakSet<LuaObject>();

/** Asks the global `tostring`, so that a script may replace it. */
const print = bothColours('print', function* (...values: LuaValue[]): Steps {
  const convert = rawGetString(threadGlobals(), 'tostring');
  const texts: string[] = [];
  for (const value of values) {
    const [shown] = typeof value === 'string' && convert === tostring ? [value] : yield callValue(convert, [value]);
    const text = toText(shown);
    if (text === undefined) raise("'tostring' must return a string to 'print'");
    texts.push(text);
  }
  writeOutput(`${texts.join('\t')}\n`);
  return noResults();
});

function rawequal(a: LuaValue, b: LuaValue): LuaResult {
  checkAny(1, 'rawequal', arguments.length);
  checkAny(2, 'rawequal', arguments.length);
  return a === b;
}

function rawget(table: LuaValue, key: LuaValue): LuaResult {
  const target = checkTable(table, 1, 'rawget', arguments.length);
  checkAny(2, 'rawget', arguments.length);
  return rawGet(target, key);
}

function rawset(table: LuaValue, key: LuaValue, value: LuaValue): LuaResult {
  const target = checkTable(table, 1, 'rawset', arguments.length);
  checkAny(2, 'rawset', arguments.length);
  checkAny(3, 'rawset', arguments.length);
  rawSet(target, key, value);
  return target;
}

function select(selector: LuaValue, ...values: LuaValue[]): LuaResult {
  const { length } = values;
  if (selector === '#') return length;
  const n = checkInteger(selector, 1, 'select', arguments.length);
  const start = n < 0 ? length + n : n - 1;
  if (n === 0 || start < 0) argumentError(1, 'select', 'index out of range');
  return start === 0 ? resultsFrom(values) : resultsFrom(values.slice(start));
}

/** `radix` other than 10 takes the number's text as an integer of that base. */
function tonumber(value: LuaValue, radix: LuaValue): LuaResult {
  const given = arguments.length;
  const base = optionalInteger(radix, 10, 2, 'tonumber', given);
  if (base === 10) {
    checkAny(1, 'tonumber', given);
    if (typeof value === 'number') return value;
    return typeof value === 'string' ? stringToNumber(value) : undefined;
  }
  const text = checkString(value, 1, 'tonumber', given);
  if (base < 2 || base > 36) argumentError(2, 'tonumber', 'base out of range');
  return parseInteger(text, base);
}

function tostring(value: LuaValue): LuaResult {
  checkAny(1, 'tostring', arguments.length);
  const shown = toDisplay(value);
  return isActivation(shown) ? finishTostring(shown) : shown;
}

/** While `__tostring` waits, the call of `tostring` stays in tracebacks. */
const finishTostring = nameBuiltin(function* (activation: Activation): Activation {
  return yield* activation;
}, 'tostring');

function type(value: LuaValue): LuaResult {
  checkAny(1, 'type', arguments.length);
  return typeName(value);
}

/** JavaScript can pass this many arguments safely; Lua 5.1 itself stops at about 8000. */
const MOST_RESULTS = 1e6;

function unpack(table: LuaValue, from: LuaValue, to: LuaValue): LuaResult {
  const given = arguments.length;
  const source = checkTable(table, 1, 'unpack', given);
  const start = optionalInteger(from, 1, 2, 'unpack', given);
  const end = to === undefined ? rawLength(source) : checkInteger(to, 3, 'unpack', given);
  if (start > end) return noResults();
  if (end - start >= MOST_RESULTS) raise('too many results to unpack');
  const count = end - start + 1;
  if (count <= 3) {
    const [a, b, c] = [rawGetNumber(source, start), rawGetNumber(source, start + 1), rawGetNumber(source, start + 2)];
    return fewResults(count, a, b, c);
  }
  if (end - start > 64) charge((end - start) >>> 2);
  const values: LuaValue[] = [];
  for (let at = start; at <= end; at++) values.push(rawGetNumber(source, at));
  return resultsFrom(values);
}

const BASIC_FUNCTIONS = {
  assert,
  collectgarbage,
  dofile,
  error,
  gcinfo,
  getfenv,
  getmetatable,
  ipairs,
  load,
  loadfile,
  loadstring,
  module,
  newproxy,
  next,
  pairs,
  pcall,
  print,
  rawequal,
  rawget,
  rawset,
  require,
  select,
  setfenv,
  setmetatable,
  tonumber,
  tostring,
  type,
  unpack,
  xpcall,
} satisfies Readonly<Record<string, LuaFunction>>;

registerIntrinsics({ next, nextPair, nextElement, select, setmetatable });

/** The globals. Scripts written for gopher-lua may look at its version. */
export const baseLibrary = defineLibrary('_G', BASIC_FUNCTIONS, {
  values: { _VERSION: 'Lua 5.1', _GOPHER_LUA_VERSION: 'GopherLua 0.1' },
});

export const baseFunctions: readonly HostFunction[] = [
  describe(
    'sync',
    'assert(value: any, message?: string): any',
    'Its arguments; an error if the first one is nil or false.',
  ),
  describe(
    'sync',
    'collectgarbage(option?: string, argument?: number): any',
    'Says how much memory is used; collects nothing.',
  ),
  describe('io', 'dofile(file: string): any', 'Runs a Lua file.'),
  describe('sync', 'error(value?: any, level?: integer)', 'Raises an error.'),
  describe('sync', 'gcinfo(): number', 'Used memory in KB.'),
  describe('sync', 'getfenv(f?: any): table', 'Environment of a function or level.'),
  describe('sync', 'getmetatable(value: any): any', 'The metatable or its __metatable field.'),
  describe('sync', 'ipairs(t: table): function, table, integer', 'Iterator over t[1], t[2], … up to the first nil.'),
  describe(
    'callback',
    'load(reader: function, name?: string): function, string',
    'Compiles what the reader returns piece by piece.',
  ),
  describe('sync', 'loadfile(file: string): function, string', 'Compiles a Lua file.'),
  describe('sync', 'loadstring(source: string, name?: string): function, string', 'Compiles a string.'),
  describe('callback', 'module(name: string, ...: function)', 'Makes the module table the environment of the caller.'),
  describe('sync', 'newproxy(like?: any): userdata', 'An empty userdata, with a metatable if asked for.'),
  describe('sync', 'next(t: table, key?: any): any, any', 'The entry after a key.'),
  describe('sync', 'pairs(t: table): function, table, any', 'Iterator over all entries.'),
  describe('callback', 'pcall(f: any, ...: any): boolean, any', 'Calls f; false and the error value if it fails.'),
  describe('callback', 'print(...: any)', 'Prints its arguments, separated by tabs.'),
  describe('sync', 'rawequal(a: any, b: any): boolean', 'Equality without metamethods.'),
  describe('sync', 'rawget(t: table, key: any): any', 'Read access without metamethods.'),
  describe('sync', 'rawset(t: table, key: any, value: any): table', 'Write access without metamethods.'),
  describe('io', 'require(name: string): any', 'Loads a module, once.'),
  describe('sync', 'select(selector: any, ...: any): any', 'The arguments from a position on, or their number.'),
  describe('sync', 'setfenv(f: any, t: table): any', 'Sets the environment of a function or level.'),
  describe('sync', 'setmetatable(t: table, metatable?: table): table', 'Sets the metatable of a table.'),
  describe('sync', 'tonumber(value: any, base?: integer): number', 'The number a value stands for, or nil.'),
  describe('callback', 'tostring(value: any): string', 'A text for any value.'),
  describe('sync', 'type(value: any): string', 'Name of the type.'),
  describe('sync', 'unpack(t: table, i?: integer, j?: integer): any', 'The elements as results.'),
  describe('callback', 'xpcall(f: any, handler: any): boolean, any', 'Calls f; errors go through the handler.'),
];
