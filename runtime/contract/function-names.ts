/**
 * How emitted JS functions are called, so that Lua's line and file can be read back from a JS stack or a function value
 * without any cost at run time: `NAME$FIRST_LAST$TAG`, e.g. `check$12_20$qwzkap`; a main chunk is `main$0_0$TAG`.
 */

export interface EmittedFunction {
  /** Line of the `function` keyword; 0 for a main chunk. */
  readonly firstLine: number;
  /** Line of its `end`. */
  readonly lastLine: number;
  /** `chunkTag` of its chunk. */
  readonly tag: string;
}

/** `luaName` is only for readers of JavaScript; characters that JS identifiers lack become `_`. */
export function emittedName(luaName: string, firstLine: number, lastLine: number, chunkName: string): string {
  const readable = luaName.replace(/[^A-Za-z0-9_]/g, '_').replace(/^(?=\d|$)/, '_');
  return `${readable}$${frameId(firstLine, lastLine, chunkName)}`;
}

/** The part of an emitted name that says which function of which chunk it is. */
export function frameId(firstLine: number, lastLine: number, chunkName: string): string {
  return `${firstLine}_${lastLine}$${chunkTag(chunkName)}`;
}

/** A bundler may have appended digits. */
const EMITTED = /\$(\d+)_(\d+)\$([a-z]{6})\d*$/;

/** undefined for names the emitter did not make. */
export function readEmittedName(jsName: string): EmittedFunction | undefined {
  const match = EMITTED.exec(jsName);
  if (match === null) return undefined;
  const [, first, last, tag = ''] = match;
  return { firstLine: Number(first), lastLine: Number(last), tag };
}

/** Six letters that stand for a chunk name: the JS name of a function cannot hold the chunk name itself. */
export function chunkTag(chunkName: string): string {
  let hash = 0x811c9dc5;
  for (let at = 0; at < chunkName.length; at++) hash = Math.imul(hash ^ chunkName.charCodeAt(at), 0x01000193) >>> 0;
  let tag = '';
  for (let letter = 0; letter < 6; letter++) {
    tag += String.fromCharCode(97 + (hash % 26));
    hash = Math.floor(hash / 26);
  }
  return tag;
}
