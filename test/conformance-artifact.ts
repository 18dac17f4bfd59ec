/** Main module of the artifact that test/conformance.test.ts builds: runs every script in it. */
import type { CompiledChunk } from '../runtime/contract/abi.ts';
import { registerPositions, setGlobal } from '../runtime/engine/api.ts';
import { emittedApi } from '../runtime/engine/emitted-api.ts';
import { errorText, runChunk } from './run-lua.ts';

/** As much of the artifact's contents as this needs; see compiler/build/entry.ts. */
interface Contents {
  readonly script: string;
  readonly positions: () => string;
  readonly scripts: readonly (readonly [path: string, make: (api: typeof emittedApi) => CompiledChunk])[];
}

export async function runArtifact({ script, positions, scripts }: Contents): Promise<void> {
  registerPositions(script, () => JSON.parse(positions()));
  for (const [path, make] of scripts) {
    const { error } = await runChunk(make(emittedApi), { prepare: (env) => setGlobal(env, 'across', true) });
    if (error === undefined) continue;
    console.log(`${path}: ${errorText(error)}`);
    process.exitCode = 1;
  }
}
