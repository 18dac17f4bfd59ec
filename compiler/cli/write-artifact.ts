/** Puts compiled scripts, runtime and the artifact's commands into one file. Loads esbuild only when called. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { addChunks, type BundleOptions, bundleServer, displayPath, dropBundles, writeBundle } from '../build/bundle.ts';
import { chunkModules } from '../build/chunks.ts';
import type { CompiledProject } from './project.ts';
import { V8_FLAGS } from './v8-flags.mjs';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const HERE = fileURLToPath(new URL('./', import.meta.url));

/** An artifact that is being made. */
export interface StartedArtifact {
  /** Writes `nauthilus.mjs` and `nauthilus.mjs.map`, and returns the path of the first, as to be shown. */
  write(project: CompiledProject): Promise<string>;
  /** Gives up. */
  drop(): Promise<void>;
}

/** Begins to bundle the server: another process does most of it, while this one compiles scripts. */
export async function startArtifact(folder: string): Promise<StartedArtifact> {
  const options = await bundleOptions(join(folder, 'nauthilus.mjs'));
  const server = bundleServer(options);
  // Who waits for it is told; nobody has to.
  server.catch(() => undefined);
  return {
    write: async ({ files, compiled }) => {
      const chunks = chunkModules(compiled, files.scripts, files.modules);
      writeBundle(await addChunks(await server, chunks, options), options.outFile);
      return displayPath(options.outFile, process.cwd());
    },
    drop: dropBundles,
  };
}

async function bundleOptions(outFile: string): Promise<BundleOptions> {
  const { default: commands } = await import('./commands/index.gen.ts');
  return {
    root: ROOT,
    luaRoot: process.cwd(),
    outFile,
    version: readVersion(),
    restart: join(HERE, 'restart.mjs'),
    main: join(HERE, 'artifact.ts'),
    flags: V8_FLAGS,
    commands: commands.filter(({ inArtifact }) => inArtifact).map(({ name }) => join(HERE, 'commands', `${name}.ts`)),
  };
}

/** The version of this program, from package.json. */
export function readVersion(): string {
  const { version }: { readonly version: string } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
  return version;
}
