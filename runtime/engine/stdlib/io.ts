// biome-ignore-all lint/complexity/noArguments: a missing argument is told apart from nil without a rest array per call
/** The `io` library (Lua 5.1 manual, section 5.7). Files are read and written synchronously, in blocks. */
import { openSync, unlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { HostFunction } from '../../contract/host.ts';
import {
  type Activation,
  argumentError,
  defineLibrary,
  type LuaResult,
  type LuaValue,
  nameBuiltin,
  raise,
  waitFor,
} from '../api.ts';
import { checkAny, checkString, optionalString } from './arguments.ts';
import { type ByteStream, TextStream } from './byte-stream.ts';
import { attempted, failure, INVALID_ARGUMENT, systemError } from './c-error.ts';
import { CommandOutput } from './command-stream.ts';
import { runBlocking, startJob } from './commands.ts';
import { describe } from './describe.ts';
import { checkFile, checkStream, FileHandle, ioState, newHandle, stderr, stdin, stdout } from './file-handle.ts';
import { closeFile, flushStream, linesOf, readFormats, writeValues } from './file-methods.ts';
import { FileStream, openFile } from './file-stream.ts';
import { systemAccess } from './system.ts';

function defaultInput(): ByteStream {
  return ioState().input.stream ?? raise('standard input file is closed');
}

function defaultOutput(): ByteStream {
  return ioState().output.stream ?? raise('standard output file is closed');
}

function close(file: LuaValue): LuaResult {
  const given = arguments.length;
  if (given === 0) {
    defaultOutput();
    return closeFile(ioState().output);
  }
  checkStream(file, 1, 'close', given);
  return closeFile(checkFile(file, 1, 'close', given));
}

function flush(): LuaResult {
  return flushStream(defaultOutput());
}

function open(name: LuaValue, mode: LuaValue): LuaResult {
  const given = arguments.length;
  const path = checkString(name, 1, 'open', given);
  const how = optionalString(mode, 'r', 2, 'open', given);
  return attempted(path, () => newHandle(openFile(path, how)));
}

/** Opens a file that is named as an argument; failing to is an error of that argument. */
function openArgument(path: string, mode: string, name: string): FileHandle {
  try {
    return newHandle(openFile(path, mode));
  } catch (thrown) {
    return argumentError(1, name, `${path}: ${systemError(thrown).text}`);
  }
}

function lines(name: LuaValue): LuaResult {
  if (name === undefined) {
    defaultInput();
    return linesOf(ioState().input, false);
  }
  return linesOf(openArgument(checkString(name, 1, 'lines', arguments.length), 'r', 'lines'), true);
}

function input(file: LuaValue): LuaResult {
  const state = ioState();
  if (file !== undefined) state.input = namedOrOpen(file, 'r', 'input', arguments.length);
  return state.input;
}

function output(file: LuaValue): LuaResult {
  const state = ioState();
  if (file !== undefined) state.output = namedOrOpen(file, 'w', 'output', arguments.length);
  return state.output;
}

function namedOrOpen(file: LuaValue, mode: string, name: string, given: number): FileHandle {
  if (typeof file === 'string' || typeof file === 'number') {
    return openArgument(checkString(file, 1, name, given), mode, name);
  }
  checkStream(file, 1, name, given);
  return checkFile(file, 1, name, given);
}

function read(...formats: LuaValue[]): LuaResult {
  return readFormats(defaultInput(), formats, 1);
}

function write(...values: LuaValue[]): LuaResult {
  return writeValues(defaultOutput(), values, 1);
}

/**
 * A command whose output is read has run to its end when this returns (waiting, not blocking, where `SystemAccess` says
 * so). One that is written to gets everything at `close` under blocking access, else at once, and is not awaited.
 */
function popen(command: LuaValue, mode: LuaValue): LuaResult {
  const given = arguments.length;
  const text = checkString(command, 1, 'popen', given);
  const how = optionalString(mode, 'r', 2, 'popen', given);
  const { commands } = systemAccess();
  if (commands === 'none') raise("'popen' not supported");
  if (how !== 'r' && how !== 'w') return failure(INVALID_ARGUMENT, text);
  if (how === 'w') return newHandle(new CommandOutput(text, commands));
  if (commands === 'waiting') return popenWaiting(text);
  return newHandle(new TextStream(runBlocking(text, 'capture').output));
}

const popenWaiting = nameBuiltin(function* (command: string): Activation {
  const job = startJob(command, 'capture');
  try {
    const { output: bytes } = yield* waitFor(job.result);
    return newHandle(new TextStream(bytes));
  } finally {
    job.stop();
  }
}, 'popen');

let temporaryFiles = 0;

/** The file has no name any more when the script gets it. */
function tmpfile(): LuaResult {
  return attempted(undefined, () => {
    const path = join(tmpdir(), `lua_${process.pid}_${++temporaryFiles}_${Math.random().toString(36).slice(2)}`);
    const fd = openSync(path, 'wx+', 0o600);
    unlinkSync(path);
    return newHandle(new FileStream(fd, true, { readable: true, writable: true, append: false }));
  });
}

function type(value: LuaValue): LuaResult {
  checkAny(1, 'type', arguments.length);
  if (!(value instanceof FileHandle)) return undefined;
  return value.stream === undefined ? 'closed file' : 'file';
}

/** All functions and the standard files of `io`. */
export const ioLibrary = defineLibrary(
  'io',
  { close, flush, input, lines, open, output, popen, read, tmpfile, type, write },
  { values: { stderr, stdin, stdout } },
);

export const ioFunctions: readonly HostFunction[] = [
  describe('sync', 'close(file?: userdata): boolean', 'Closes a file, or the default output.'),
  describe('sync', 'flush(): boolean', 'Writes out what the default output holds back.'),
  describe('sync', 'input(file?: any): userdata', 'The default input, after changing it if a file is given.'),
  describe('sync', 'lines(name?: string): function', 'Iterator over the lines of a file.'),
  describe('sync', 'open(name: string, mode?: string): userdata', 'Opens a file; nil, message and number on failure.'),
  describe('sync', 'output(file?: any): userdata', 'The default output, after changing it if a file is given.'),
  describe('io', 'popen(command: string, mode?: string): userdata', 'Runs a command of the shell, if allowed.'),
  describe('sync', 'read(...: any): any', 'Reads from a file: `*l`, `*n`, `*a` or a number of bytes.'),
  describe('sync', 'seek(whence?: string, offset?: integer): integer', 'Sets and tells the position in a file.'),
  describe('sync', 'setvbuf(mode: string, size?: integer): boolean', 'How a file holds back what is written.'),
  describe('sync', 'tmpfile(): userdata', 'A temporary file without a name.'),
  describe('sync', 'type(value: any): string', '`file` or `closed file` for file handles, else nil.'),
  describe('sync', 'write(...: any): boolean', 'Writes strings and numbers to a file.'),
];
