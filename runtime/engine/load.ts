/** Code that arrives at run time, for `load` and its kin, modules and the files of `nauthilus run`: an injected compiler and a cache. */
import { existsSync } from 'node:fs';
import { url as debuggerUrl } from 'node:inspector';
import { pathToFileURL } from 'node:url';
import { compileFunction } from 'node:vm';
import { ABI_VERSION, type CompiledChunk } from '../contract/abi.ts';
import { charge } from './budget.ts';
import { type EmittedApi, emittedApi } from './emitted-api.ts';
import { type Loader, type LoadOutcome, SourceError } from './loader.ts';
import { type PositionTable, registerLoadedPositions, registerPositions } from './positions.ts';

export { type Loader, SourceError } from './loader.ts';

/** JavaScript of one compiled file: the body of `($) => CompiledChunk`, and its source map (version 3) as JSON. */
export interface ChunkCode {
  readonly name: string;
  readonly code: string;
  readonly map: string;
}

export interface LoaderOptions {
  /** The compiler. Throws or returns nothing but these two. */
  readonly compile: (source: string, chunkName: string) => ChunkCode | SourceError;
  /** Modules compiled ahead, by the path `require` finds them at. */
  readonly modules?: ReadonlyMap<string, CompiledChunk>;
  /** Reads a file as bytes; a text says why it cannot be read (`No such file or directory`). */
  readonly read?: (path: string) => { readonly bytes: string } | { readonly reason: string };
  readonly startThread?: Loader['startThread'];
}

/** Sources kept compiled: a script that calls `loadstring` in a loop mostly loads the same few. */
const CACHED_SOURCES = 256;
const CACHED_SOURCE_BYTES = 1 << 16;

export function createLoader(options: LoaderOptions): Loader {
  const { modules = new Map(), read = () => ({ reason: 'No such file or directory' }) } = options;
  const cache = new Map<string, LoadOutcome>();

  const compile = (source: string, chunkName: string): LoadOutcome => {
    const key = `${chunkName}\0${source}`;
    const known = cache.get(key);
    if (known !== undefined) return known;
    charge(source.length);
    const code = options.compile(source, chunkName);
    const outcome = code instanceof SourceError ? code : instantiateCode(code, chunkName);
    if (source.length <= CACHED_SOURCE_BYTES) remember(cache, key, outcome);
    return outcome;
  };

  const file = (path: string): LoadOutcome => {
    const content = read(path);
    return 'bytes' in content
      ? compile(withoutFileHead(content.bytes), `@${path}`)
      : new SourceError(`cannot open ${path}: ${content.reason}`);
  };

  const module = (path: string): LoadOutcome | undefined => {
    const compiled = modules.get(path);
    if (compiled !== undefined) return compiled;
    return 'bytes' in read(path) ? file(path) : undefined;
  };

  return { compile, file, module, startThread: options.startThread };
}

function remember(cache: Map<string, LoadOutcome>, key: string, outcome: LoadOutcome): void {
  cache.set(key, outcome);
  if (cache.size <= CACHED_SOURCES) return;
  const oldest = cache.keys().next();
  if (oldest.done !== true) cache.delete(oldest.value);
}

/** A first line that begins with `#` is for the shell; the line still counts. A byte order mark is skipped. */
export function withoutFileHead(bytes: string): string {
  const text = bytes.startsWith('\xef\xbb\xbf') ? bytes.slice(3) : bytes;
  return text.startsWith('#') ? text.replace(/^[^\r\n]*/, '') : text;
}

let scripts = 0;

/**
 * Runs emitted code, which gives the chunk. Each call makes a script of its own for V8. `loadedAs` is the chunk name that
 * `load` was given; without it the code is a file of the program.
 */
export function instantiateCode({ name, code, map }: ChunkCode, loadedAs?: string): CompiledChunk {
  const scriptName = `lua:${name}#${++scripts}`;
  const table = (): PositionTable => JSON.parse(map) as PositionTable;
  if (loadedAs === undefined) registerPositions(scriptName, table, name);
  else registerLoadedPositions(scriptName, table, loadedAs);
  // compileFunction is untyped; its result is checked below.
  const make = compileFunction(withDebuggerMap(code, map), ['$'], { filename: scriptName }) as (
    api: EmittedApi,
  ) => CompiledChunk;
  const chunk = make(emittedApi);
  if (chunk.abi !== ABI_VERSION) throw new Error(`chunk ${name} was compiled for another version of the engine`);
  return chunk;
}

/** A debugger shows the Lua file, which it looks for by its URL; without one the map would only cost memory. */
function withDebuggerMap(code: string, map: string): string {
  if (debuggerUrl() === undefined) return code;
  const parsed: PositionTable = JSON.parse(map);
  const sources = parsed.sources.map((name) => (name !== null && existsSync(name) ? pathToFileURL(name).href : name));
  const inline = Buffer.from(JSON.stringify({ ...parsed, sources }), 'utf8').toString('base64');
  return `${code}\n//# sourceMappingURL=data:application/json;base64,${inline}\n`;
}
