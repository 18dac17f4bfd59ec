/**
 * File handles: the userdata of `io`. What scripts can change about them belongs to their environment: the metatable,
 * which files are the default input and output, and which of the shared standard handles they have closed.
 */

import { LuaObject, type LuaTable, type LuaValue, perEnvironment, raise, setMetatable } from '../api.ts';
import { expected } from './arguments.ts';
import type { ByteStream } from './byte-stream.ts';
import { closeQuietly } from './open-streams.ts';
import { StandardError, StandardInput, StandardOutput } from './standard-streams.ts';

export class FileHandle extends LuaObject {
  /** undefined once closed. */
  stream: ByteStream | undefined;
  /** Standard handles cannot be closed. */
  readonly standard: boolean;

  constructor(stream: ByteStream, standard = false) {
    super();
    this.stream = stream;
    this.standard = standard;
  }
}

/** What `io` keeps for one environment. */
export interface IoState {
  readonly metatable: LuaTable;
  /** Holds the descriptor that handles of this environment have. */
  readonly model: LuaObject;
  input: FileHandle;
  output: FileHandle;
}

/** Shared by all environments: their streams keep nothing of a script. */
export const stdin: FileHandle = standardHandle(new StandardInput());
export const stdout: FileHandle = standardHandle(new StandardOutput());
export const stderr: FileHandle = standardHandle(new StandardError());

let makeMetatable: () => LuaTable;

/** Called once, by the file that has the methods. */
export function setMetatableMaker(maker: () => LuaTable): void {
  makeMetatable = maker;
}

/** The state of the running environment. */
export const ioState: () => IoState = perEnvironment(() => {
  const metatable = makeMetatable();
  const model = new LuaObject();
  setMetatable(model, metatable);
  return { metatable, model, input: stdin, output: stdout };
});

/** A handle in the library tables of all environments, with the metatable of whichever is running. */
function standardHandle(stream: ByteStream): FileHandle {
  const handle = new FileHandle(stream, true);
  return Object.defineProperty(handle, '$mt', {
    get: () => ioState().model.$mt,
    set: (meta: LuaObject['$mt']) => {
      ioState().model.$mt = meta;
    },
  });
}

/** Streams nobody closed are closed when their handle is collected. */
const abandoned = new FinalizationRegistry(closeQuietly);

export function newHandle(stream: ByteStream): FileHandle {
  const handle = new FileHandle(stream);
  setMetatable(handle, ioState().metatable);
  abandoned.register(handle, stream, handle);
  return handle;
}

/** Throws what closing the stream throws; the handle is closed all the same. */
export function closeHandle(handle: FileHandle): void {
  const { stream } = handle;
  handle.stream = undefined;
  abandoned.unregister(handle);
  stream?.close();
}

/** The stream of an open file handle given as argument. */
export function checkFile(value: LuaValue, index: number, name: string, given: number): FileHandle {
  if (!(value instanceof FileHandle)) expected('FILE*', value, index, name, given);
  return value;
}

/** The stream of an open file handle given as argument. */
export function checkStream(value: LuaValue, index: number, name: string, given: number): ByteStream {
  return checkFile(value, index, name, given).stream ?? raise('attempt to use a closed file');
}
