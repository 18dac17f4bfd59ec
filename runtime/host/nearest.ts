/** The known name that an unknown one was probably meant to be. */

/** At most this share of the letters may differ. */
const TOLERANCE = 0.34;

/** The closest of `known` by edit distance, or one that ends with the name (`json`, `nauthilus_gll_json`). */
export function nearest(name: string, known: readonly string[]): string | undefined {
  const ending = known.find((each) => name.length > 2 && (each.endsWith(`_${name}`) || name.endsWith(`_${each}`)));
  if (ending !== undefined) return ending;
  let best: string | undefined;
  let bestDistance = Math.ceil(name.length * TOLERANCE) + 1;
  for (const each of known) {
    const distance = Math.abs(each.length - name.length) < bestDistance ? editDistance(name, each) : bestDistance;
    if (distance < bestDistance) {
      best = each;
      bestDistance = distance;
    }
  }
  return best;
}

/** Levenshtein distance. */
function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, at) => at);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const substitution = row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(substitution, row[j]! + 1, next[j - 1]! + 1));
    }
    row = next;
  }
  return row[b.length]!;
}
