/**
 * Library functions that emitted code has a shorter form of. The library tells which they are when it is loaded, so that
 * the engine's core does not depend on it.
 */
import type { LuaFunction } from '../contract/abi.ts';
import { noResults } from './call.ts';

export interface Intrinsics {
  /** `next`, and the iterators that `pairs` and `ipairs` return. */
  next: LuaFunction;
  nextPair: LuaFunction;
  nextElement: LuaFunction;
  select: LuaFunction;
  setmetatable: LuaFunction;
}

/** No value a script can have: without the library every comparison fails. */
const NONE: LuaFunction = () => noResults();

export const intrinsics: Intrinsics = {
  next: NONE,
  nextPair: NONE,
  nextElement: NONE,
  select: NONE,
  setmetatable: NONE,
};

export function registerIntrinsics(functions: Intrinsics): void {
  Object.assign(intrinsics, functions);
}
