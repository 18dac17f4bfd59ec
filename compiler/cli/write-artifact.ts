/** Puts compiled scripts, runtime and the artifact's commands into one file. Loads esbuild only when called. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bundle, displayPath, writeBundle } from '../build/bundle.ts';
import { chunkModules } from '../build/chunks.ts';
import type { CompiledProject } from './project.ts';
import { V8_FLAGS } from './v8-flags.mjs';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const HERE = fileURLToPath(new URL('./', import.meta.url));

/** Writes `nauthilus.mjs` and `nauthilus.mjs.map` into `folder` and returns the path of the first, as to be shown. */
export async function writeArtifact({ files, compiled }: CompiledProject, folder: string): Promise<string> {
  const { default: commands } = await import('./commands/index.gen.ts');
  const outFile = join(folder, 'nauthilus.mjs');
  const result = await bundle({
    root: ROOT,
    luaRoot: process.cwd(),
    outFile,
    version: readVersion(),
    restart: join(HERE, 'restart.mjs'),
    main: join(HERE, 'artifact.ts'),
    flags: V8_FLAGS,
    commands: commands.filter(({ inArtifact }) => inArtifact).map(({ name }) => join(HERE, 'commands', `${name}.ts`)),
    chunks: chunkModules(compiled, files.scripts, files.modules),
  });
  writeBundle(result, outFile);
  return displayPath(outFile, process.cwd());
}

/** The version of this program, from package.json. */
export function readVersion(): string {
  const { version }: { readonly version: string } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
  return version;
}
