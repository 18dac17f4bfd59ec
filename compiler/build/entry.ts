/** Text of the bundle's entry module: names the runtime's main, the commands and the functions of the compiled chunks. */

import { INSIDE } from './artifact-file.ts';

/** Name of the part that holds the position table. */
export const POSITIONS = 'positions';

/** Name of the function of a chunk: declared behind the program, where the entry can see it. */
export function chunkFunction(index: number): string {
  return `nauthilusChunk${index}`;
}

/** Which keys of the compiled program lead to which chunk. */
export interface ChunkTable {
  /** Configured path of each script, and the index of its chunk. */
  readonly scripts: readonly (readonly [path: string, chunk: number])[];
  /** Path that `require` finds for each module, and the index of its chunk. */
  readonly modules: readonly (readonly [path: string, chunk: number])[];
}

export interface EntryOptions {
  /** Absolute path of the module that exports `runArtifact` (compiler/cli/artifact.ts). */
  readonly main: string;
  /** Absolute paths of the commands that are part of the artifact. */
  readonly commands: readonly string[];
  readonly version: string;
  readonly chunks: ChunkTable;
}

/** JavaScript of the entry module. Everything from outside is written as a JSON string. */
export function entryText({ main, commands, version, chunks }: EntryOptions): string {
  const quoted = JSON.stringify;
  const table = (rows: ChunkTable['scripts']) =>
    rows.map(([path, chunk]) => `[${quoted(path)}, ${chunkFunction(chunk)}]`);
  return [
    `import { runArtifact } from ${quoted(main)};`,
    ...commands.map((path, index) => `import command${index} from ${quoted(path)};`),
    'void runArtifact({',
    `  version: ${quoted(version)},`,
    `  script: ${INSIDE.script},`,
    `  positions: () => ${INSIDE.parts}.text(${quoted(POSITIONS)}),`,
    `  commands: [${commands.map((_, index) => `command${index}`).join(', ')}],`,
    `  scripts: [${table(chunks.scripts).join(', ')}],`,
    `  modules: [${table(chunks.modules).join(', ')}],`,
    '});',
    '',
  ].join('\n');
}
