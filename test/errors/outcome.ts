/** A compiled program run in this process, with its outcome told as the `lua` command does. */
import { describeFailure } from '../../compiler/cli/failure-text.ts';
import { createHostLoader } from '../../compiler/cli/loader.ts';
import type { CompiledChunk } from '../../runtime/contract/abi.ts';
import { Budget, createEnvironment, runTask, type Task } from '../../runtime/engine/api.ts';
import { standardLibraries, standardManifest } from '../../runtime/engine/stdlib/index.ts';
import { FULL_ACCESS, setSystemAccess } from '../../runtime/engine/stdlib/system.ts';
import { outcomeText } from './snippets.ts';

const unlimited = Number.POSITIVE_INFINITY;

/** All of it as bytes. */
export async function outcomeOf(chunk: CompiledChunk): Promise<string> {
  setSystemAccess(FULL_ACCESS);
  let stdout = '';
  const task: Task = {
    env: createEnvironment(standardLibraries),
    budget: new Budget({ deadlineMs: unlimited, blockingMs: unlimited, memoryBytes: unlimited }),
    host: undefined,
    loader: createHostLoader(() => ({ globals: standardManifest, modules: [] })),
    output: (bytes) => {
      stdout += bytes;
    },
  };
  try {
    await runTask(task, chunk.instantiate(task.env), []);
    return outcomeText(stdout, '', 'lua');
  } catch (error) {
    return outcomeText(stdout, `lua: ${describeFailure(task, error)}`, 'lua');
  }
}
