/** How Lua shows a chunk name in messages (`luaO_chunkid`): manual section 5.1, `load`. */

/** Bytes a shown name may have, the terminating zero of the C original included: running code, and compile errors. */
const RUNNING_SIZE = 60;
const COMPILING_SIZE = 80;

/**
 * Name in errors and tracebacks of running code. `=name` is shown as `name`, `@file` as the file name (its end when
 * long), anything else is source text and shown as `[string "first line..."]`.
 */
export function chunkDisplayName(chunkName: string): string {
  return shownName(chunkName, RUNNING_SIZE);
}

/** Name in compile errors, for which Lua 5.1 has more room. */
export function chunkErrorName(chunkName: string): string {
  return shownName(chunkName, COMPILING_SIZE);
}

function shownName(chunkName: string, size: number): string {
  if (chunkName.startsWith('=')) return chunkName.slice(1, size);
  if (chunkName.startsWith('@')) return tail(chunkName.slice(1), size);
  return `[string "${firstLine(chunkName, size)}"]`;
}

function tail(file: string, size: number): string {
  const room = size - " '...' ".length - 1;
  return file.length > room ? `...${file.slice(file.length - room)}` : file;
}

function firstLine(source: string, size: number): string {
  const room = size - ' [string "..."] '.length - 1;
  const lineEnd = source.search(/[\r\n\0]/);
  const length = lineEnd < 0 ? source.length : lineEnd;
  const cut = length > room || source[length] === '\n' || source[length] === '\r';
  return cut ? `${source.slice(0, Math.min(length, room))}...` : source.slice(0, length);
}
