// biome-ignore-all lint/complexity/noArguments: a missing argument is told apart from nil without a rest array per call
/** The `os` library (Lua 5.1 manual, section 5.8), and gopher-lua's `setenv`. */
import { closeSync, lstatSync, openSync, renameSync, rmdirSync, unlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { HostFunction } from '../../contract/host.ts';
import {
  type Activation,
  argumentError,
  defineLibrary,
  first,
  index,
  isActivation,
  type LuaResult,
  LuaTable,
  type LuaValue,
  nameBuiltin,
  perEnvironment,
  raise,
  rawSetString,
  waitFor,
} from '../api.ts';
import { fromUtf8, toBuffer, toUtf8String } from '../bytes.ts';
import { stringToNumber } from '../strings/number.ts';
import { checkNumber, checkString, checkTable, optionalInteger, optionalString } from './arguments.ts';
import { attempted } from './c-error.ts';
import { type Calendar, formatTime, localCalendar, timeOf, utcCalendar } from './calendar.ts';
import { runBlocking, startJob } from './commands.ts';
import { describe } from './describe.ts';
import { systemAccess } from './system.ts';

/** Processor time of the process in seconds. */
function clock(): LuaResult {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
}

function now(): number {
  return Math.floor(Date.now() / 1000);
}

function date(format: LuaValue, time: LuaValue): LuaResult {
  const given = arguments.length;
  const written = optionalString(format, '%c', 1, 'date', given);
  const seconds = time === undefined ? now() : Math.trunc(checkNumber(time, 2, 'date', given));
  const utc = written.startsWith('!');
  const pattern = utc ? written.slice(1) : written;
  const calendar = utc ? utcCalendar(seconds) : localCalendar(seconds);
  if (calendar === undefined) return undefined;
  return pattern === '*t' ? dateTable(calendar) : formatTime(pattern, calendar);
}

function dateTable(c: Calendar): LuaTable {
  const table = new LuaTable();
  rawSetString(table, 'sec', c.second);
  rawSetString(table, 'min', c.minute);
  rawSetString(table, 'hour', c.hour);
  rawSetString(table, 'day', c.day);
  rawSetString(table, 'month', c.month + 1);
  rawSetString(table, 'year', c.year);
  rawSetString(table, 'wday', c.weekday + 1);
  rawSetString(table, 'yday', c.yearDay + 1);
  rawSetString(table, 'isdst', c.isDst);
  return table;
}

function time(t: LuaValue): LuaResult {
  if (t === undefined) return now();
  const table = checkTable(t, 1, 'time', arguments.length);
  const seconds = timeOf({
    second: dateField(table, 'sec', 0),
    minute: dateField(table, 'min', 0),
    hour: dateField(table, 'hour', 12),
    day: dateField(table, 'day'),
    month: dateField(table, 'month'),
    year: dateField(table, 'year'),
    isDst: readField(table, 'isdst') === undefined ? undefined : readField(table, 'isdst') !== false,
  });
  // C's mktime has no other sign of an error than -1.
  return seconds === -1 ? undefined : seconds;
}

/** A field of a date table; without `fallback` it must be there. */
function dateField(table: LuaTable, name: string, fallback?: number): number {
  const value = readField(table, name);
  const n = typeof value === 'string' ? stringToNumber(value) : value;
  if (typeof n === 'number') return Math.trunc(n);
  return fallback ?? raise(`field '${name}' missing in date table`);
}

function readField(table: LuaTable, name: string): LuaValue {
  const value = index(table, name);
  return isActivation(value) ? raise('attempt to yield across metamethod/C-call boundary') : first(value);
}

function difftime(a: LuaValue, b: LuaValue): LuaResult {
  const given = arguments.length;
  return checkNumber(a, 1, 'difftime', given) - (b === undefined ? 0 : checkNumber(b, 2, 'difftime', given));
}

/** Waits for the command without blocking where `SystemAccess` says so. */
function execute(command: LuaValue): LuaResult {
  const { commands } = systemAccess();
  if (command === undefined) return commands === 'none' ? 0 : 1;
  const text = checkString(command, 1, 'execute', arguments.length);
  if (commands === 'none') raise("'execute' is switched off");
  return commands === 'blocking' ? runBlocking(text, 'inherit').status : executeWaiting(text);
}

const executeWaiting = nameBuiltin(function* (command: string): Activation {
  const job = startJob(command, 'inherit');
  try {
    const { status } = yield* waitFor(job.result);
    return status;
  } finally {
    job.stop();
  }
}, 'execute');

function exit(code: LuaValue): LuaResult {
  const status = optionalInteger(code, 0, 1, 'exit', arguments.length);
  if (systemAccess().exit === 'script') raise('a script cannot end the server');
  process.exit(status & 255);
}

/** Variables that scripts of this environment have set: no other script sees them. */
const ownVariables = perEnvironment(() => new Map<string, string>());

function getenv(name: LuaValue): LuaResult {
  const key = checkString(name, 1, 'getenv', arguments.length);
  const own = ownVariables().get(key);
  if (own !== undefined) return own;
  const value = process.env[toUtf8String(key)];
  // An empty variable counts as not set: recorded so from the reference, where PUC Lua gives an empty string.
  return value === undefined || value === '' ? undefined : fromUtf8(value);
}

function setenv(name: LuaValue, value: LuaValue): LuaResult {
  const given = arguments.length;
  ownVariables().set(checkString(name, 1, 'setenv', given), checkString(value, 2, 'setenv', given));
  return true;
}

function remove(name: LuaValue): LuaResult {
  const path = checkString(name, 1, 'remove', arguments.length);
  return attempted(path, () => {
    const file = toBuffer(path);
    if (lstatSync(file, { throwIfNoEntry: false })?.isDirectory()) rmdirSync(file);
    else unlinkSync(file);
    return true;
  });
}

function rename(from: LuaValue, to: LuaValue): LuaResult {
  const given = arguments.length;
  const source = checkString(from, 1, 'rename', given);
  const target = checkString(to, 2, 'rename', given);
  return attempted(source, () => {
    renameSync(toBuffer(source), toBuffer(target));
    return true;
  });
}

const CATEGORIES = ['all', 'collate', 'ctype', 'monetary', 'numeric', 'time'];
const C_LOCALE = ['C', 'POSIX', ''];

/** There is only the C locale. */
function setlocale(locale: LuaValue, category: LuaValue): LuaResult {
  const given = arguments.length;
  const wanted = optionalString(locale, 'C', 1, 'setlocale', given);
  const kind = optionalString(category, 'all', 2, 'setlocale', given);
  if (!CATEGORIES.includes(kind)) argumentError(2, 'setlocale', `invalid option '${kind}'`);
  return C_LOCALE.includes(wanted) ? 'C' : undefined;
}

const NAME_LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';
const TMPNAME_ATTEMPTS = 100;

/** The file is made, so that nobody else gets the name. */
function tmpname(): LuaResult {
  for (let attempt = 0; attempt < TMPNAME_ATTEMPTS; attempt++) {
    const suffix = Array.from({ length: 6 }, () => NAME_LETTERS[Math.floor(Math.random() * NAME_LETTERS.length)]);
    const path = join(tmpdir(), `lua_${suffix.join('')}`);
    try {
      closeSync(openSync(path, 'wx', 0o600));
      return fromUtf8(path);
    } catch {
      // Taken, or the directory cannot be written: the attempts run out.
    }
  }
  return raise('unable to generate a unique filename');
}

/** All functions of `os`. */
export const osLibrary = defineLibrary('os', {
  clock,
  date,
  difftime,
  execute,
  exit,
  getenv,
  remove,
  rename,
  setenv,
  setlocale,
  time,
  tmpname,
});

export const osFunctions: readonly HostFunction[] = [
  describe('sync', 'clock(): number', 'Processor time used by the process, in seconds.'),
  describe('sync', 'date(format?: string, time?: number): any', 'A time as text (C strftime) or, for `*t`, a table.'),
  describe('sync', 'difftime(later: number, earlier?: number): number', 'Seconds between two times.'),
  describe('io', 'execute(command?: string): integer', 'Runs a command of the shell, if that is allowed.'),
  describe('sync', 'exit(code?: integer)', 'Ends the process; an error in a server.'),
  describe('sync', 'getenv(name: string): string', 'An environment variable, or nil.'),
  describe('sync', 'remove(name: string): boolean', 'Deletes a file or an empty directory.'),
  describe('sync', 'rename(from: string, to: string): boolean', 'Renames a file.'),
  describe('sync', 'setenv(name: string, value: string): boolean', 'Sets a variable for this script only.'),
  describe('sync', 'setlocale(locale?: string, category?: string): string', 'Knows only the locale C.'),
  describe('sync', 'time(t?: table): number', 'Seconds since 1970, now or for a date in local time.'),
  describe('sync', 'tmpname(): string', 'Name of a new temporary file.'),
];
