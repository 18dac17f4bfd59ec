/** What Lua 5.1 itself has in its globals (manual section 5). */
import { LIBRARY_FUNCTIONS, LIBRARY_NAMES } from '../front/suspend/manifest.ts';

export const STANDARD_GLOBALS: readonly string[] = [
  ...(LIBRARY_FUNCTIONS.get('base') ?? []),
  ...LIBRARY_NAMES,
  '_G',
  '_VERSION',
  '_GOPHER_LUA_VERSION',
  'arg',
];

const globals = new Set(STANDARD_GLOBALS);

export function isStandardGlobal(name: string): boolean {
  return globals.has(name);
}

/** Functions of a library of Lua; undefined for any other name. */
export function libraryFunctions(library: string): ReadonlySet<string> | undefined {
  return LIBRARY_NAMES.includes(library) ? LIBRARY_FUNCTIONS.get(library) : undefined;
}

/** Functions that later versions of Lua have, with their libraries. */
export const LATER_FUNCTIONS: ReadonlySet<string> = new Set(
  (
    'coroutine.close coroutine.isyieldable debug.getuservalue debug.setuservalue debug.upvalueid debug.upvaluejoin math.tointeger ' +
    'math.type math.ult package.searchpath string.pack string.packsize string.unpack table.move table.pack table.unpack'
  ).split(' '),
);
