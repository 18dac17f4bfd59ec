/** Loggers as scripts hold them; two modules make them. */
import {
  argumentError,
  currentCall,
  type Declaration,
  error,
  type LuaResult,
  LuaTable,
  lax,
  noResults,
  positionAtLevel,
  pure,
  rawGet,
  rest,
  result,
  str,
  table,
  trailing,
  UserdataKind,
} from '../../host/index.ts';
import { formatText, printLineText, printText } from '../go/print.ts';
import { type Flags, Logger, NO_FLAGS } from './logger.ts';

export const loggers = new UserdataKind<Logger>('logger_ud');

const FLAG_NAMES = ['date', 'time', 'microseconds', 'utc', 'longfile'] as const;

function flagsOf(given: LuaTable, functionName: string): Flags {
  const flags: Record<keyof Flags, boolean> = { ...NO_FLAGS };
  for (const name of FLAG_NAMES) {
    const value = rawGet(given, name);
    if (value !== undefined && typeof value !== 'boolean') argumentError(1, functionName, `${name}: must be bool`);
    flags[name] = value === true;
  }
  return flags;
}

function orNothing(failure: string | undefined): LuaResult {
  return failure ?? noResults();
}

function position(): string {
  return positionAtLevel(1);
}

loggers.has({
  print: pure(
    {
      doc: 'Log values, with blanks only between those that are no text.',
      args: [loggers.self(), rest(lax('values'))],
    },
    (self, values) => {
      self.line(printText(values), position);
      return noResults();
    },
  ),
  println: pure(
    { doc: 'Log values with blanks between them.', args: [loggers.self(), rest(lax('values'))] },
    (self, values) => {
      self.line(printLineText(values), position);
      return noResults();
    },
  ),
  printf: pure(
    {
      doc: 'Log values in a format of Go (`%d %s %v %5.2f`).',
      args: [loggers.self(), str('format'), rest(lax('values'))],
    },
    (self, format, values) => {
      self.line(formatText(format, values), position);
      return noResults();
    },
  ),
  set_prefix: pure({ doc: 'What every line begins with.', args: [loggers.self(), str('prefix')] }, (self, prefix) => {
    self.prefix = prefix;
    return noResults();
  }),
  set_flags: pure(
    {
      doc: 'What stands before the text: date, time, microseconds, utc, longfile; those not given are off.',
      args: [loggers.self(), table('flags')],
    },
    (self, flags) => {
      self.flags = flagsOf(flags, 'set_flags');
      return noResults();
    },
  ),
  set_output: pure(
    {
      doc: 'Write to `-` or `STDOUT`, `STDERR`, or the end of a file.',
      args: [loggers.self(), str('output')],
      returns: [error],
    },
    (self, output) => orNothing(self.setOutput(output)),
  ),
  close: pure({ doc: 'Close the file, if it is one.', args: [loggers.self()], returns: [error] }, (self) =>
    orNothing(self.close()),
  ),
});

/** A file that cannot be opened leaves the logger on the standard output, as in the reference; the log of the server says so. */
export const newLogger: Declaration = pure(
  {
    doc: 'A logger with an output (`-`, `STDERR` or a file), a prefix and flags (a table as for set_flags).',
    args: [trailing(str('output')), trailing(str('prefix')), trailing(table('flags'))],
    returns: [result('logger', loggers.name), error],
  },
  (output, prefix = '', flags = new LuaTable()) => {
    const logger = new Logger(prefix, flagsOf(flags, 'new'));
    const failure = output === undefined ? undefined : logger.setOutput(output);
    if (failure !== undefined) currentCall().log.warn({ err: failure }, 'a logger of a script has no file');
    return loggers.make(logger);
  },
);
