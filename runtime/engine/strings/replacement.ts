/** Replacement strings of `gsub`: `%0`-`%9` stand for captures, `%` before any other byte for that byte. */

/** Literal text, or the index of a capture: -1 is the whole match, 0 the first capture. */
export type ReplacementPlan = readonly (string | number)[];

export const WHOLE_MATCH = -1;

const CACHE_LIMIT = 200;
const plans = new Map<string, ReplacementPlan>();

/** The parts of a replacement string, from a cache of recent ones. */
export function replacementPlan(source: string): ReplacementPlan {
  let plan = plans.get(source);
  if (plan === undefined) {
    plan = parseReplacement(source);
    if (plans.size >= CACHE_LIMIT) plans.clear();
    plans.set(source, plan);
  }
  return plan;
}

function parseReplacement(source: string): ReplacementPlan {
  const parts: (string | number)[] = [];
  let text = '';
  for (let i = 0; i < source.length; i++) {
    if (source[i] !== '%') text += source[i];
    else {
      // Behind a `%` at the end Lua reads the terminating NUL.
      const next = source[++i] ?? '\0';
      if (next < '0' || next > '9') text += next;
      else {
        if (text !== '') parts.push(text);
        text = '';
        parts.push(Number(next) - 1);
      }
    }
  }
  if (text !== '') parts.push(text);
  return parts;
}
