// biome-ignore-all lint/complexity/noArguments: a missing argument is told apart from nil without a rest array per call
/** The methods of file handles (Lua 5.1 manual, section 5.7), shared with the functions of `io` on default files. */
import {
  argumentError,
  defineLibrary,
  identityText,
  type LuaFunction,
  type LuaResult,
  type LuaTable,
  type LuaValue,
  libraryTable,
  nameBuiltin,
  noResults,
  raise,
  rawSetString,
  resultsFrom,
} from '../api.ts';
import { numberToString } from '../strings/number.ts';
import { checkInteger, checkString, optionalInteger, optionalString } from './arguments.ts';
import type { ByteStream, Whence } from './byte-stream.ts';
import { attempted, failure, systemError } from './c-error.ts';
import { checkFile, checkStream, closeHandle, type FileHandle, setMetatableMaker } from './file-handle.ts';

/** `first` is the number of the first format among the arguments, for messages. */
export function readFormats(stream: ByteStream, formats: readonly LuaValue[], first: number): LuaResult {
  try {
    if (formats.length === 0) return stream.readLine();
    const values: LuaValue[] = [];
    for (let k = 0; k < formats.length; k++) {
      const value = readFormat(stream, formats[k], first + k);
      values.push(value);
      if (value === undefined) break;
    }
    return resultsFrom(values);
  } catch (thrown) {
    return failure(systemError(thrown));
  }
}

function readFormat(stream: ByteStream, format: LuaValue, index: number): LuaValue {
  if (typeof format === 'number') return readCount(stream, checkInteger(format, index, 'read', index));
  if (typeof format !== 'string' || format[0] !== '*') return argumentError(index, 'read', 'invalid option');
  switch (format[1]) {
    case 'n':
      return stream.readNumber();
    case 'l':
      return stream.readLine();
    case 'a':
      return stream.readAll();
    default:
      return argumentError(index, 'read', 'invalid format');
  }
}

function readCount(stream: ByteStream, count: number): LuaValue {
  return stream.readBytes(count < 0 ? Number.POSITIVE_INFINITY : count);
}

/** True, or nil with message and number. `first` as in `readFormats`. */
export function writeValues(stream: ByteStream, values: readonly LuaValue[], first: number): LuaResult {
  let bytes = '';
  const given = first + values.length - 1;
  for (let k = 0; k < values.length; k++) {
    const value = values[k];
    if (typeof value === 'string') bytes += value;
    else if (typeof value === 'number') bytes += numberToString(value);
    else bytes += writeBefore(stream, bytes, () => checkString(value, first + k, 'write', given));
  }
  return attempted(undefined, () => {
    stream.write(bytes);
    return true;
  });
}

/** What stands before a wrong argument is written, as in C. */
function writeBefore(stream: ByteStream, bytes: string, check: () => string): string {
  try {
    return check();
  } catch (error) {
    stream.write(bytes);
    throw error;
  }
}

/** An iterator over lines; with `closing` the file is closed at its end. */
export function linesOf(handle: FileHandle, closing: boolean): LuaFunction {
  return nameBuiltin(() => {
    const { stream } = handle;
    if (stream === undefined) return raise('file is already closed');
    const line = attemptedRead(stream);
    if (line === undefined && closing) closeHandle(handle);
    return line;
  }, 'lines');
}

function attemptedRead(stream: ByteStream): string | undefined {
  try {
    return stream.readLine();
  } catch (thrown) {
    return raise(systemError(thrown).text);
  }
}

export function closeFile(handle: FileHandle): LuaResult {
  if (handle.standard) {
    return resultsFrom([undefined, 'cannot close standard file']);
  }
  return attempted(undefined, () => {
    closeHandle(handle);
    return true;
  });
}

function close(file: LuaValue): LuaResult {
  checkStream(file, 1, 'close', arguments.length);
  return closeFile(file as FileHandle);
}

function flush(file: LuaValue): LuaResult {
  return flushStream(checkStream(file, 1, 'flush', arguments.length));
}

export function flushStream(stream: ByteStream): LuaResult {
  return attempted(undefined, () => {
    stream.flush();
    return true;
  });
}

function lines(file: LuaValue): LuaResult {
  checkStream(file, 1, 'lines', arguments.length);
  return linesOf(file as FileHandle, false);
}

function read(...args: LuaValue[]): LuaResult {
  return readFormats(checkStream(args[0], 1, 'read', args.length), args.slice(1), 2);
}

function write(...args: LuaValue[]): LuaResult {
  return writeValues(checkStream(args[0], 1, 'write', args.length), args.slice(1), 2);
}

/** A string argument that must be one of `options`; without `fallback` it must be there. */
function checkOption<T extends string>(
  value: LuaValue,
  options: readonly T[],
  fallback: T | undefined,
  index: number,
  name: string,
  given: number,
): T {
  const text =
    fallback === undefined
      ? checkString(value, index, name, given)
      : optionalString(value, fallback, index, name, given);
  const option = options.find((candidate) => candidate === text);
  return option ?? argumentError(index, name, `invalid option '${text}'`);
}

const WHENCES: readonly Whence[] = ['set', 'cur', 'end'];

function seek(file: LuaValue, whence: LuaValue, offset: LuaValue): LuaResult {
  const given = arguments.length;
  const stream = checkStream(file, 1, 'seek', given);
  const from = checkOption(whence, WHENCES, 'cur', 2, 'seek', given);
  const by = optionalInteger(offset, 0, 3, 'seek', given);
  return attempted(undefined, () => stream.seek(from, by));
}

function setvbuf(file: LuaValue, mode: LuaValue, size: LuaValue): LuaResult {
  const given = arguments.length;
  const stream = checkStream(file, 1, 'setvbuf', given);
  stream.setMode(checkOption(mode, ['no', 'full', 'line'], undefined, 2, 'setvbuf', given));
  optionalInteger(size, 0, 3, 'setvbuf', given);
  return true;
}

function collect(file: LuaValue): LuaResult {
  const handle = checkFile(file, 1, '__gc', arguments.length);
  if (handle.stream !== undefined && !handle.standard) closeFile(handle);
  return noResults();
}

function display(file: LuaValue): LuaResult {
  const handle = checkFile(file, 1, '__tostring', arguments.length);
  return handle.stream === undefined ? 'file (closed)' : `file (${identityText(handle)})`;
}

const methods = defineLibrary('FILE*', {
  close,
  flush,
  lines,
  read,
  seek,
  setvbuf,
  write,
});

setMetatableMaker((): LuaTable => {
  const metatable = libraryTable(methods);
  rawSetString(metatable, '__index', metatable);
  rawSetString(metatable, '__gc', COLLECT);
  rawSetString(metatable, '__tostring', DISPLAY);
  return metatable;
});

const COLLECT = nameBuiltin(collect, '__gc');
const DISPLAY = nameBuiltin(display, '__tostring');
