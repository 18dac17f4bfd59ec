/** Running code in an environment of its own beside the script that starts it, within that script's budget. */
import {
  currentTask,
  type Environment,
  type LuaFunction,
  nameBuiltin,
  type PortableCode,
  raise,
  runTask,
  SourceError,
} from '../engine/api.ts';
import { currentCall, HostCall } from './call.ts';
import type { Finished, Steps } from './drive.ts';

/** Compiled code; its main function belongs to the environment. Raises what the compiler says. */
export function loadInto(env: Environment, { source, chunkName }: PortableCode): LuaFunction {
  const chunk = currentTask().loader?.compile(source, chunkName);
  if (chunk === undefined) return raise('no code can be loaded here');
  return chunk instanceof SourceError ? raise(chunk.message) : chunk.instantiate(env);
}

/** Starts the steps as a task in `env`. Rejects with their error; what they opened is closed at their end. */
export async function runBeside(env: Environment, steps: () => Steps<Finished>): Promise<void> {
  const { budget, loader, output } = currentTask();
  const host = new HostCall(currentCall());
  const task = { env, budget, host, ...(loader && { loader }), ...(output && { output }) };
  try {
    await runTask(task, nameBuiltin(steps, 'handler'), []);
  } finally {
    host.end();
  }
}
