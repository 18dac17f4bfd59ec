/** Compiled chunks as functions behind the bundled program, and the tables that lead from paths and positions to them. */
import type { ChunkTable } from './entry.ts';
import { chunkFunction, tableFunctions } from './entry.ts';

/** What the compiler made of one file: the body of `($) => CompiledChunk` and its source map (version 3). */
export interface ChunkCode {
  readonly name: string;
  readonly code: string;
  readonly map: string;
}

export interface ProgramChunks {
  readonly files: readonly ChunkCode[];
  readonly table: ChunkTable;
}

/** What this folder reads of a source map of version 3. */
export interface SourceMap {
  readonly version: 3;
  readonly sources: readonly string[];
  readonly sourcesContent?: readonly (string | null)[];
  readonly names: readonly string[];
  readonly mappings: string;
}

/** `scripts` and `modules` give, for each key of the compiled program, the name of its chunk. */
export function chunkModules(
  files: readonly ChunkCode[],
  scripts: readonly (readonly [path: string, name: string])[],
  modules: readonly (readonly [path: string, name: string])[],
): ProgramChunks {
  const indexOf = new Map(files.map(({ name }, index) => [name, index]));
  const row = ([path, name]: readonly [string, string]) => [path, indexOf.get(name) ?? -1] as const;
  return { files, table: { scripts: scripts.map(row), modules: modules.map(row) } };
}

/** Chunks behind the program: nothing in them has to be bundled, so the bundler does not see them. */
export interface PlacedChunks {
  /** Text to append to the program. */
  readonly text: string;
  /** Each chunk's map, and the line of the whole text, from 0, on which its code begins. */
  readonly places: readonly { readonly line: number; readonly map: SourceMap }[];
}

/** `lines` is how many lines the program has. */
export function placeChunks({ files, table }: ProgramChunks, lines: number): PlacedChunks {
  let line = lines;
  const places: { line: number; map: SourceMap }[] = [];
  const texts = files.map(({ name, code, map }, index) => {
    // One line opens the function.
    places.push({ line: line + 1, map: { ...JSON.parse(map), sources: [name] } });
    line += countLines(code) + 2;
    return `function ${chunkFunction(index)}($) {\n${code}\n}\n`;
  });
  return { text: `${texts.join('')}${tableFunctions(table)}`, places };
}

export function countLines(text: string): number {
  let lines = 1;
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) lines++;
  return lines;
}
