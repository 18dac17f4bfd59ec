/**
 * Functions that can be made anew elsewhere, in another environment or another thread: those that capture nothing. The
 * compiler keeps their Lua text where a program starts code of its own.
 */
import type { LuaFunction } from '../contract/abi.ts';

export interface PortableCode {
  /** A chunk that returns the function; the function stands on the line where it stood. */
  readonly source: string;
  /** As `load` takes it. */
  readonly chunkName: string;
}

const codes = new WeakMap<LuaFunction, PortableCode>();

/** Emitted code: `text` is the function from its keyword on. Returns `fn`. */
export function portable(fn: LuaFunction, text: string, line: number, chunk: string): LuaFunction {
  codes.set(fn, { source: `${'\n'.repeat(line - 1)}return ${text}`, chunkName: `@${chunk}` });
  return fn;
}

/** undefined for functions that capture something, and for builtins. */
export function portableCode(fn: LuaFunction): PortableCode | undefined {
  return codes.get(fn);
}
