/** Text of the bundle's entry module: names the runtime's main, the commands and the functions of the compiled chunks. */

import { INSIDE, toAscii } from './artifact-file.ts';

/** Name of the part that holds the position table. */
export const POSITIONS = 'positions';

/** Name of the function of a chunk: declared behind the program, where the entry can see it. */
export function chunkFunction(index: number): string {
  return `nauthilusChunk${index}`;
}

/** Names of the functions that give the tables of chunks: behind the program, too, which does not depend on any script. */
const SCRIPTS = 'nauthilusScripts';
const MODULES = 'nauthilusModules';

/** JavaScript of these functions. */
export function tableFunctions({ scripts, modules }: ChunkTable): string {
  const table = (rows: ChunkTable['scripts']) =>
    rows.map(([path, chunk]) => `[${toAscii(JSON.stringify(path))}, ${chunkFunction(chunk)}]`).join(', ');
  return `function ${SCRIPTS}() { return [${table(scripts)}]; }\nfunction ${MODULES}() { return [${table(modules)}]; }\n`;
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
}

/** JavaScript of the entry module. Everything from outside is written as a JSON string. */
export function entryText({ main, commands, version }: EntryOptions): string {
  const quoted = JSON.stringify;
  return [
    `import { runArtifact } from ${quoted(main)};`,
    ...commands.map((path, index) => `import command${index} from ${quoted(path)};`),
    'void runArtifact({',
    `  version: ${quoted(version)},`,
    `  script: ${INSIDE.script},`,
    `  positions: () => ${INSIDE.parts}.text(${quoted(POSITIONS)}),`,
    `  commands: [${commands.map((_, index) => `command${index}`).join(', ')}],`,
    `  scripts: ${SCRIPTS}(),`,
    `  modules: ${MODULES}(),`,
    '});',
    '',
  ].join('\n');
}
