/** Compiled chunks as JavaScript modules for esbuild, and the tables that lead from paths to them. */
import type { ChunkTable } from './entry.ts';

/** What the compiler made of one file: the body of `($) => CompiledChunk` and its source map (version 3). */
export interface ChunkCode {
  readonly name: string;
  readonly code: string;
  readonly map: string;
}

export interface ProgramChunks {
  /** Chunk names in order: the Lua files as they appear in messages. */
  readonly names: readonly string[];
  /** Text of each chunk's module, with its source map inline. */
  readonly modules: readonly string[];
  readonly table: ChunkTable;
}

/** `scripts` and `modules` give, for each key of the compiled program, the name of its chunk. */
export function chunkModules(
  files: readonly ChunkCode[],
  scripts: readonly (readonly [path: string, name: string])[],
  modules: readonly (readonly [path: string, name: string])[],
): ProgramChunks {
  const names = files.map(({ name }) => name);
  const row = ([path, name]: readonly [string, string]) => [path, names.indexOf(name)] as const;
  return {
    names,
    modules: files.map(moduleText),
    table: {
      specifiers: files.map((_, index) => `lua-chunk:${index}`),
      scripts: scripts.map(row),
      modules: modules.map(row),
    },
  };
}

/** How chunk `index` is called in esbuild's source map until the bundle gives it the path of its Lua file. */
export function sourceMarker(index: number): string {
  return `lua-chunk-source-${index}`;
}

/** The wrapper takes exactly one line, which one `;` in front of the mappings makes up for. */
function moduleText({ code, map }: ChunkCode, index: number): string {
  const parsed: { readonly mappings: string } = JSON.parse(map);
  const shifted = JSON.stringify({ ...parsed, sources: [sourceMarker(index)], mappings: `;${parsed.mappings}` });
  const inline = Buffer.from(shifted, 'utf8').toString('base64');
  return `export default function luaChunk($) {\n${code}\n}\n//# sourceMappingURL=data:application/json;base64,${inline}\n`;
}
