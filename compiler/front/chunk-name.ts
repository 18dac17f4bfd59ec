/** How Lua shows a chunk name in messages (`luaO_chunkid`): manual section 5.1, `load`. */

/** Bytes a shown name may have, the terminating zero of the C original included. */
const SIZE = 80;

/**
 * `=name` is shown as `name`, `@file` as the file name (its end when long), anything else is source text and shown as
 * `[string "first line..."]`.
 */
export function chunkDisplayName(chunkName: string): string {
  if (chunkName.startsWith('=')) return chunkName.slice(1, SIZE);
  if (chunkName.startsWith('@')) return tail(chunkName.slice(1));
  return `[string "${firstLine(chunkName)}"]`;
}

function tail(file: string): string {
  const room = SIZE - " '...' ".length - 1;
  return file.length > room ? `...${file.slice(file.length - room)}` : file;
}

function firstLine(source: string): string {
  const room = SIZE - ' [string "..."] '.length - 1;
  const lineEnd = source.search(/[\r\n\0]/);
  const length = lineEnd < 0 ? source.length : lineEnd;
  const cut = length > room || source[length] === '\n' || source[length] === '\r';
  return cut ? `${source.slice(0, Math.min(length, room))}...` : source.slice(0, length);
}
