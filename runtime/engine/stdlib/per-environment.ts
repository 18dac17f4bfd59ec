/** State of a library that belongs to one environment: made on first use, gone with the environment. */
import { currentTask, type Environment } from '../api.ts';

/** A reader of the running environment's own value. Throws a JS Error outside a task. */
export function perEnvironment<T>(make: () => T): () => T {
  const values = new WeakMap<Environment, { readonly value: T }>();
  return () => {
    const { env } = currentTask();
    let held = values.get(env);
    if (held === undefined) {
      held = { value: make() };
      values.set(env, held);
    }
    return held.value;
  };
}
