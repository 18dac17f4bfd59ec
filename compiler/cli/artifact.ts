/** Main of the bundled artifact: compiled chunks become the program, then the command line runs with it. */
import { workerData } from 'node:worker_threads';
import { parseConfig } from '../../runtime/config/index.ts';
import type { CompiledChunk } from '../../runtime/contract/abi.ts';
import type { CompiledProgram } from '../../runtime/contract/scripts.ts';
import { emittedApi } from '../../runtime/engine/emitted-api.ts';
import { registerPositions } from '../../runtime/engine/positions.ts';
import { createServer, describeModules } from '../../runtime/index.ts';
import { CODE_CACHE_OPTION } from '../build/code-cache-option.ts';
import type { Command } from './command.ts';
import { createHostLoader } from './loader.ts';
import { runLuaThread } from './lua-thread.ts';
import { isLuaThread } from './lua-thread-start.ts';
import { runCommandLine } from './main.ts';
import { terminalContext } from './terminal.ts';

type ChunkFactory = (api: typeof emittedApi) => CompiledChunk;
type ChunkTable = readonly (readonly [path: string, factory: ChunkFactory])[];

/** What the bundle's entry hands over; written by compiler/build/entry.ts. */
export interface ArtifactContents {
  readonly version: string;
  /** What stack frames call the program. */
  readonly script: string;
  /** Gives the position table (a source map of the compiled Lua) as JSON text. */
  readonly positions: () => string;
  readonly commands: readonly Command[];
  readonly scripts: ChunkTable;
  readonly modules: ChunkTable;
}

/** Runs the command line of the artifact and sets the exit code of the process; in a thread of a script, the script. */
export async function runArtifact(contents: ArtifactContents): Promise<void> {
  registerPositions(contents.script, () => JSON.parse(contents.positions()));
  if (isLuaThread(workerData)) return runLuaThread(workerData);
  if (process.argv[2] === CODE_CACHE_OPTION) return rehearseStart();
  const context = terminalContext(linkProgram(contents));
  const { commands, version } = contents;
  process.exitCode = await runCommandLine({ commands, version, context }, process.argv.slice(2));
}

/** What every start does, without scripts and without listening: for the code cache (compiler/build/code-cache.ts). */
async function rehearseStart(): Promise<void> {
  const { config } = parseConfig({ text: 'server: { backends: [cache] }', file: 'rehearsal', env: {} });
  if (config === undefined) return;
  const program = { scripts: new Map(), modules: new Map() };
  const server = await createServer({ config, program, loader: createHostLoader(describeModules) });
  await server.http.ready();
  await server.close();
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
