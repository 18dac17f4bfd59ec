/** Libraries that are written in Lua themselves: compiled when a script first needs them, and kept by the program's loader. */
import { currentTask, first, instantiateInThread, type LuaValue, raise, SourceError } from '../engine/api.ts';
import { finish, type Steps } from './drive.ts';

/** What the chunk returns in the running environment; `name` is what messages call it. Raises when it cannot be compiled. */
export function* openLuaLibrary(source: string, name: string): Steps<LuaValue> {
  const { loader, budget } = currentTask();
  if (loader === undefined) return raise('this program cannot load code');
  const chunk = budget.excuse(() => loader.compile(source, `=${name}`));
  if (chunk instanceof SourceError) return raise(chunk.message);
  return first(yield* finish(instantiateInThread(chunk)()));
}
