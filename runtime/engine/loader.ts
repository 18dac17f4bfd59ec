/** Where a task gets code at run time. The engine knows no compiler; it is handed a `Loader` (load.ts makes one). */
import type { MessagePort, Worker } from 'node:worker_threads';
import type { CompiledChunk } from '../contract/abi.ts';

/** Why a source cannot be loaded; the message is what Lua says (`case.lua:1: '=' expected near 'y'`). */
export class SourceError {
  readonly message: string;

  constructor(message: string) {
    this.message = message;
  }
}

export type LoadOutcome = CompiledChunk | SourceError;

/** One per program; it outlives environments. */
export interface Loader {
  /** `source` is bytes; `chunkName` as in `load`: `=name`, `@file`, or the source itself. */
  compile(source: string, chunkName: string): LoadOutcome;
  /** The module at a path that `require` tries: compiled ahead, or read from disk if allowed; undefined: no such file. */
  module(path: string): LoadOutcome | undefined;
  /** A Lua file for `loadfile`. The message of a missing one: `cannot open FILE: No such file or directory`. */
  file(path: string): LoadOutcome;
  /** Starts a thread that runs a script with an engine of its own; undefined where that is not possible. */
  startThread?: ((start: ThreadStart) => Worker) | undefined;
}

/** What a thread is started with: its `workerData`. */
export interface ThreadStart {
  readonly code: { readonly source: string; readonly chunkName: string } | { readonly file: string };
  /** Through which it gets what it is given, and reaches the channels of the thread that starts it. */
  readonly port: MessagePort;
  /** The global `payload`; byte string. */
  readonly payload: string | undefined;
}
