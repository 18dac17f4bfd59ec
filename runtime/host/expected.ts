/** Failures that a correct script has to reckon with become results; everything else that is thrown is a defect and goes on. */
import { results2 } from '../engine/api.ts';

type ErrorKind = abstract new (...args: never[]) => Error;

/** What `work` gives, or, when it throws an error of one of the kinds, what `failed` makes of that. */
export function attempt<T, F>(kinds: readonly ErrorKind[], failed: (error: Error) => F, work: () => T): T | F {
  try {
    return work();
  } catch (thrown) {
    return failed(expected(thrown, kinds));
  }
}

/** The same for work that takes its time; what it throws before it begins to wait counts too. */
export async function attemptLater<T, F>(
  kinds: readonly ErrorKind[],
  failed: (error: Error) => F,
  work: () => Promise<T>,
): Promise<T | F> {
  try {
    return await work();
  } catch (thrown) {
    return failed(expected(thrown, kinds));
  }
}

function expected(thrown: unknown, kinds: readonly ErrorKind[]): Error {
  if (thrown instanceof Error && kinds.some((kind) => thrown instanceof kind)) return thrown;
  throw thrown;
}

/** nil and the message of an error, which consists of bytes like all text of scripts. */
export function nilAndMessage({ message }: Error) {
  return results2(undefined, message);
}

/** The message alone. */
export function errorMessage({ message }: Error): string {
  return message;
}
