/** Main of the bundled artifact: compiled chunks become the program, then the command line runs with it. */
import { workerData } from 'node:worker_threads';
import type { CompiledChunk } from '../../runtime/contract/abi.ts';
import type { CompiledProgram } from '../../runtime/contract/scripts.ts';
import { emittedApi } from '../../runtime/engine/emitted-api.ts';
import { registerPositions } from '../../runtime/engine/positions.ts';
import type { Command } from './command.ts';
import { runLuaThread } from './lua-thread.ts';
import { isLuaThread } from './lua-thread-start.ts';
import { runCommandLine } from './main.ts';

type ChunkFactory = (api: typeof emittedApi) => CompiledChunk;
type ChunkTable = readonly (readonly [path: string, factory: ChunkFactory])[];

/** What the bundle's entry hands over; written by compiler/build/entry.ts. */
export interface ArtifactContents {
  readonly version: string;
  /** `import.meta.url` of the artifact, which is what stack frames call it. */
  readonly url: string;
  /** Gives the position table (a source map of the compiled Lua) as JSON text. */
  readonly positions: () => string;
  readonly commands: readonly Command[];
  readonly scripts: ChunkTable;
  readonly modules: ChunkTable;
}

/** Runs the command line of the artifact and sets the exit code of the process; in a thread of a script, the script. */
export async function runArtifact(contents: ArtifactContents): Promise<void> {
  registerPositions(contents.url, () => JSON.parse(contents.positions()));
  if (isLuaThread(workerData)) return runLuaThread(workerData);
  const context = {
    out: (text: string) => void process.stdout.write(text),
    err: (text: string) => void process.stderr.write(text),
    env: process.env,
    program: linkProgram(contents),
  };
  const { commands, version } = contents;
  process.exitCode = await runCommandLine({ commands, version, context }, process.argv.slice(2));
}

/** A file that is both script and module has one chunk, made once. */
function linkProgram({ scripts, modules }: ArtifactContents): CompiledProgram {
  const made = new Map<ChunkFactory, CompiledChunk>();
  const chunkOf = (factory: ChunkFactory): CompiledChunk => {
    const chunk = made.get(factory) ?? factory(emittedApi);
    made.set(factory, chunk);
    return chunk;
  };
  const link = (table: ChunkTable) => new Map(table.map(([path, factory]) => [path, chunkOf(factory)] as const));
  return { scripts: link(scripts), modules: link(modules) };
}
