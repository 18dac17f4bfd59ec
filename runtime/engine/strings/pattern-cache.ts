/** Compiled patterns by source, from a cache of recent ones. */
import { compilePattern, type Pattern } from './matcher.ts';

const CACHE_LIMIT = 500;
const anchorable = new Map<string, Pattern>();
const literalCaret = new Map<string, Pattern>();
let lastSource = '';
let lastPattern: Pattern | undefined;

/** The compiled form of a pattern. */
export function patternOf(source: string): Pattern {
  if (source === lastSource && lastPattern !== undefined) return lastPattern;
  lastSource = source;
  lastPattern = cached(anchorable, source, true);
  return lastPattern;
}

/** Like `patternOf`, but a leading `^` is an ordinary byte, as `gmatch` of Lua 5.1 reads it. */
export function unanchoredPatternOf(source: string): Pattern {
  return source.charCodeAt(0) === 94 ? cached(literalCaret, source, false) : patternOf(source);
}

function cached(cache: Map<string, Pattern>, source: string, canAnchor: boolean): Pattern {
  let pattern = cache.get(source);
  if (pattern === undefined) {
    pattern = compilePattern(source, canAnchor);
    if (cache.size >= CACHE_LIMIT) cache.clear();
    cache.set(source, pattern);
  }
  return pattern;
}
