/** The known name that an unknown one was probably meant to be. */
import { nearest as mostSimilar } from '../contract/nearest.ts';

/** The most similar of `known`, or one that ends with the name (`json`, `nauthilus_gll_json`). */
export function nearest(name: string, known: readonly string[]): string | undefined {
  const ending = known.find((each) => name.length > 2 && (each.endsWith(`_${name}`) || name.endsWith(`_${each}`)));
  return ending ?? mostSimilar(name, known);
}
