/**
 * Log lines in logfmt or JSON (server.md section 8). Lines are formatted here, because the format is part of the
 * compatible surface; pino's destination does the writing: asynchronous, batched while a write is under way, flushed at exit.
 */
import { pino } from 'pino';
import { type DebugModule, type LogLevel, Secret } from '../config/index.ts';
import { toUtf8String } from '../login/text.ts';
import type { Clock } from './clock.ts';
import { JsonLine, JsonText, LogfmtLine, type LogLine, type PrintedValue, rememberingKeys } from './log-format.ts';
import { createTimestamp } from './timestamp.ts';

/** Text, not bytes: convert byte strings of Lua or HTTP before logging. `undefined` and `null` print as `null`. */
type LogValue = string | number | boolean | null | undefined | Secret | LogData;

/** Data of some depth: an object in JSON lines, JSON as text in logfmt. */
export class LogData {
  readonly value: unknown;

  constructor(value: unknown) {
    this.value = value;
  }
}

/** Pairs of a line in the order of the properties. */
export type LogFields = Readonly<Record<string, LogValue>>;

/** Further pairs, in order; the same key may come twice. */
export type LogPairs = readonly (readonly [key: string, value: LogValue])[];

export interface Log {
  error(fields: LogFields, more?: LogPairs): void;
  warn(fields: LogFields, more?: LogPairs): void;
  info(fields: LogFields, more?: LogPairs): void;
  /** Written only at level debug when `module` (or `all`) is in `server.log.debug_modules`. */
  debug(module: DebugModule, fields: LogFields, more?: LogPairs): void;
  /** Would such a line be written? Ask before computing something expensive for it. */
  isEnabled(level: Exclude<LogLevel, 'none'>, module?: DebugModule): boolean;
  /** The same log whose lines say `caller=<name>`. */
  named(caller: string): Log;
  /** The same log with every occurrence of the secret in a value replaced; for all lines of one login. */
  hiding(secret: Secret): Log;
}

export interface OpenedLog extends Log {
  /** Other settings from now on, for this log and all that were made of it. */
  adjust(options: LogOptions): void;
  /** Writes everything that is still buffered. */
  close(): Promise<void>;
}

/** Where finished lines go, each with its newline. */
export interface LogSink {
  write(line: string): void;
  close(): Promise<void>;
}

export interface LogOptions {
  readonly json: boolean;
  readonly color: boolean;
  readonly level: LogLevel;
  readonly debug_modules: readonly DebugModule[];
  readonly instance: string;
}

const RANK: Readonly<Record<LogLevel, number>> = { none: 0, error: 1, warn: 2, info: 3, debug: 4 };

/** Values under these keys are never printed, whoever logs them. */
const SECRET_KEYS: ReadonlySet<string> = new Set([
  'password',
  'pass',
  'passwd',
  'bind_pw',
  'authorization',
  'auth_pass',
  'auth-pass',
]);

const isSecretKey = rememberingKeys((key) => SECRET_KEYS.has(key.toLowerCase()));

/** A shorter secret would blot out half of every line (`a`, `12`), which tells more than it hides. */
const SHORTEST_HIDDEN = 6;

const PRINTED_SECRET = '***';

/** Opens the log. Without a `sink` lines go to standard output. */
export function createLog(options: LogOptions, base: { clock: Clock; sink?: LogSink | undefined }): OpenedLog {
  const sink = base.sink ?? standardOutput();
  const writer: Writer = {
    ...styleOf(options),
    timestamp: createTimestamp(base.clock),
    write: (line) => sink.write(line),
  };
  const log = logOver(writer, 'nauthilus', undefined);
  const adjust = (changed: LogOptions): void => void Object.assign(writer, styleOf(changed));
  return { ...log, adjust, close: () => sink.close() };
}

/** What settings make of a line. */
interface Style {
  rank: number;
  modules: ReadonlySet<DebugModule>;
  instance: string;
  newLine: () => LogLine;
}

interface Writer extends Style {
  readonly timestamp: () => string;
  readonly write: (line: string) => void;
}

function styleOf({ level, debug_modules: modules, instance, json, color }: LogOptions): Style {
  return {
    rank: RANK[level],
    modules: new Set(modules),
    instance,
    newLine: json ? () => new JsonLine() : () => new LogfmtLine(color),
  };
}

function logOver(writer: Writer, caller: string, hidden: Secret | undefined): Log {
  const hide = hider(hidden);
  const line = (
    level: Exclude<LogLevel, 'none'>,
    fields: LogFields,
    more: LogPairs | undefined,
    module?: DebugModule,
  ) => {
    if (writer.rank < RANK[level]) return;
    const text = writer.newLine();
    text.add('level', level);
    text.add('ts', writer.timestamp());
    text.add('caller', caller);
    text.add('instance', writer.instance);
    for (const key of Object.keys(fields)) text.add(key, printable(key, fields[key], hide));
    if (more !== undefined) for (const [key, value] of more) text.add(key, printable(key, value, hide));
    if (module !== undefined) {
      text.add('debug_module', module);
      text.add('function', caller);
    }
    writer.write(text.end());
  };
  const isEnabled: Log['isEnabled'] = (level, module) =>
    writer.rank >= RANK[level] && (level !== 'debug' || module === undefined || hasModule(writer.modules, module));
  return {
    error: (fields, more) => line('error', fields, more),
    warn: (fields, more) => line('warn', fields, more),
    info: (fields, more) => line('info', fields, more),
    debug: (module, fields, more) => {
      if (isEnabled('debug', module)) line('debug', fields, more, module);
    },
    isEnabled,
    named: (name) => logOver(writer, name, hidden),
    hiding: (secret) => logOver(writer, caller, secret),
  };
}

function hasModule(modules: ReadonlySet<DebugModule>, module: DebugModule): boolean {
  return modules.has(module) || modules.has('all');
}

type Hide = ((text: string) => string) | undefined;

/** As bytes, and as the text that these bytes are: lines of the log are text, what scripts quote may be either. */
function hider(secret: Secret | undefined): Hide {
  const bytes = secret?.reveal() ?? '';
  if (bytes.length < SHORTEST_HIDDEN) return undefined;
  const text = toUtf8String(bytes);
  if (text === bytes) return (value) => value.replaceAll(bytes, PRINTED_SECRET);
  return (value) => value.replaceAll(text, PRINTED_SECRET).replaceAll(bytes, PRINTED_SECRET);
}

function printable(key: string, value: LogValue, hide: Hide): PrintedValue {
  if (value === undefined || value === null) return null;
  if (isSecretKey(key) || value instanceof Secret) return PRINTED_SECRET;
  if (value instanceof LogData)
    return new JsonText(JSON.stringify(value.value, (name, part) => hideIn(name, part, hide)));
  return typeof value === 'string' && hide !== undefined ? hide(value) : value;
}

/** The same for every value inside of data. */
function hideIn(key: string, part: unknown, hide: Hide): unknown {
  if (SECRET_KEYS.has(key.toLowerCase())) return PRINTED_SECRET;
  return typeof part === 'string' && hide !== undefined ? hide(part) : part;
}

/** Lines of one turn of the event loop are written together: the destination measures its buffer anew with every write. */
function standardOutput(): LogSink {
  const destination = pino.destination({ fd: 1, sync: false });
  let lines = '';
  const hand = (): void => {
    const text = lines;
    lines = '';
    if (text !== '') destination.write(text);
  };
  // A reader that went away (EPIPE) must not take the server down; there is nobody left to tell.
  destination.on('error', () => undefined);
  process.once('exit', flushAtExit);
  return {
    write: (line) => {
      if (lines === '') setImmediate(hand);
      lines += line;
    },
    close: () =>
      new Promise((resolve) => {
        process.off('exit', flushAtExit);
        hand();
        destination.flush(() => resolve());
      }),
  };

  function flushAtExit(): void {
    try {
      destination.flushSync();
      if (lines !== '') pino.destination({ fd: 1, sync: true }).write(lines);
    } catch {
      // The descriptor is not open yet or not any more: nothing can be saved at this point.
    }
  }
}
