/** Where a task gets code at run time. The engine knows no compiler; it is handed a `Loader` (load.ts makes one). */
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
}
