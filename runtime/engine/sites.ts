/** Sites of emitted code, and the errors raised with them. Texts and prefixes: `luaG_typeerror` of Lua 5.1. */
import type { EmittedSite, LuaValue, Site } from '../contract/abi.ts';
import { LuaError, raise } from './error.ts';
import { typeName } from './value.ts';

/** Turns a chunk's list of sites into what slow paths are handed. */
export function sites(chunk: string, list: readonly EmittedSite[]): readonly Site[] {
  return list.map(([line, left = '', right = '']) => ({
    chunk,
    line: Math.abs(line),
    left,
    right,
    suspends: line < 0,
  }));
}

/** Raises `message` with the position of the site; an operation of library code (no site) has none, as in Lua 5.1. */
export function raiseAt(site: Site | undefined, message: string): never {
  if (site === undefined) raise(message, 0);
  throw new LuaError(`${site.chunk}:${site.line}: ${message}`);
}

/** `attempt to index local 'x' (a nil value)`; `side` says which operand of the site is to blame, if it has a name. */
export function raiseOperandError(
  operation: string,
  value: LuaValue,
  site: Site | undefined,
  side: 'left' | 'right' | 'unnamed' = 'left',
): never {
  const name = side === 'unnamed' || site === undefined ? '' : site[side];
  const type = typeName(value);
  raiseAt(site, `attempt to ${operation} ${name === '' ? `a ${type} value` : `${name} (a ${type} value)`}`);
}

/** Plain code was handed a call that waits: the suspension analysis has a gap. */
export function raiseWaitInPlainCode(site: Site | undefined): never {
  raiseAt(site, 'attempt to wait in a function that was compiled not to (a defect of the compiler, please report it)');
}
