/** Main module of the artifact that errors.test.ts builds: runs every program in it, and prints what each printed. */
import type { CompiledChunk } from '../../runtime/contract/abi.ts';
import { registerPositions } from '../../runtime/engine/api.ts';
import { emittedApi } from '../../runtime/engine/emitted-api.ts';
import { outcomeOf } from './outcome.ts';

/** As much of the artifact's contents as this needs; see compiler/build/entry.ts. */
interface Contents {
  readonly script: string;
  readonly positions: () => string;
  readonly scripts: readonly (readonly [path: string, make: (api: typeof emittedApi) => CompiledChunk])[];
}

export async function runArtifact({ script, positions, scripts }: Contents): Promise<void> {
  registerPositions(script, () => JSON.parse(positions()));
  const outcomes: Record<string, string> = {};
  for (const [path, make] of scripts) outcomes[path] = await outcomeOf(make(emittedApi));
  console.log(JSON.stringify(outcomes));
}
