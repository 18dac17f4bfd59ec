/** What belongs to one environment: state of libraries, metatables and other tables that scripts can change. */
import { currentTask } from './scheduler.ts';

/**
 * A reader of the running environment's own value, which is made when it is first asked for and forgotten with the
 * environment. Throws a JS Error outside a task.
 */
export function perEnvironment<T>(make: () => T): () => T {
  const read = (): T => {
    const { env } = currentTask();
    env.kept ??= new Map();
    // Only what this function has put there is found under it.
    let held = env.kept.get(read) as { readonly value: T } | undefined;
    if (held === undefined) {
      held = { value: make() };
      env.kept.set(read, held);
    }
    return held.value;
  };
  return read;
}
