// biome-ignore-all lint/complexity/noArguments: a missing argument is told apart from nil without a rest array per call
/** `string.find`, `match` and `gmatch` over the matcher. */
import {
  type Activation,
  charge,
  type LuaFunction,
  type LuaResult,
  type LuaValue,
  type Multi,
  nameBuiltin,
  noResults,
  pause,
  results2,
  resultsFrom,
  type Wait,
} from '../api.ts';
import {
  captureAt,
  lastEnd,
  type Pattern,
  search,
  searchStoppedAt,
  searchUntilDue,
  valueCount,
} from '../strings/matcher.ts';
import { patternOf, unanchoredPatternOf } from '../strings/pattern-cache.ts';
import { checkString, fromEnd, optionalInteger } from './arguments.ts';

/** Byte offset to start at: clipped to the subject, so that `find('', 10)` looks at its end. */
function startOffset(init: LuaValue, length: number, name: string, given: number): number {
  if (init === undefined) return 0;
  const position = fromEnd(optionalInteger(init, 1, 3, name, given), length) - 1;
  return Math.min(Math.max(position, 0), length);
}

export function find(s: LuaValue, pattern: LuaValue, init: LuaValue, plain: LuaValue): LuaResult {
  const given = arguments.length;
  const text = typeof s === 'string' ? s : checkString(s, 1, 'find', given);
  const source = typeof pattern === 'string' ? pattern : checkString(pattern, 2, 'find', given);
  const from = startOffset(init, text.length, 'find', given);
  if (plain !== undefined && plain !== false) return findText(text, source, from);
  const compiled = patternOf(source);
  if (compiled.isText) return findText(text, source, from);
  return foundAt(search(compiled, text, from), compiled, text);
}

function foundAt(start: number, pattern: Pattern, text: string): LuaResult {
  if (start < 0) return undefined;
  if (pattern.captures.length === 0) return results2(start + 1, lastEnd());
  return resultsFrom([start + 1, lastEnd(), ...captures(pattern, text, start)]);
}

/** Shorter texts are searched in one go. */
const LONG_TEXT = 128;

const findAtOnce: LuaFunction = find;
const matchAtOnce: LuaFunction = match;

/** `find` for code that may wait. */
export const findInTurns: LuaFunction = (...args) => {
  const [text, source, init, plain] = args;
  const isPattern = typeof source === 'string' && (plain === undefined || plain === false);
  if (typeof text !== 'string' || text.length < LONG_TEXT || !isPattern) return findAtOnce(...args);
  const compiled = patternOf(source);
  if (compiled.isText) return findAtOnce(...args);
  const start = searchUntilDue(compiled, text, startOffset(init, text.length, 'find', args.length));
  const rest = searchStoppedAt();
  return rest < 0 ? foundAt(start, compiled, text) : findLater(compiled, text, rest);
};

const findLater = nameBuiltin(function* (pattern: Pattern, text: string, from: number): Activation {
  return foundAt(yield* searchLater(pattern, text, from), pattern, text) as LuaValue | Multi;
}, 'find');

/** Goes on with a search that was left. */
function* searchLater(pattern: Pattern, text: string, from: number): Generator<Wait, number, unknown> {
  for (let rest = from; ; ) {
    yield* pause();
    const start = searchUntilDue(pattern, text, rest);
    rest = searchStoppedAt();
    if (rest < 0) return start;
  }
}

/** `match` for code that may wait. */
export const matchInTurns: LuaFunction = (...args) => {
  const [text, source, init] = args;
  if (typeof text !== 'string' || text.length < LONG_TEXT || typeof source !== 'string') return matchAtOnce(...args);
  const compiled = patternOf(source);
  const start = searchUntilDue(compiled, text, startOffset(init, text.length, 'match', args.length));
  const rest = searchStoppedAt();
  if (rest >= 0) return matchLater(compiled, text, rest);
  return start < 0 ? undefined : matchResults(compiled, text, start);
};

const matchLater = nameBuiltin(function* (pattern: Pattern, text: string, from: number): Activation {
  const start = yield* searchLater(pattern, text, from);
  return start < 0 ? undefined : (matchResults(pattern, text, start) as LuaValue | Multi);
}, 'match');

function findText(text: string, sought: string, from: number): LuaResult {
  if (text.length > 1024) charge(text.length >>> 8);
  const start = text.indexOf(sought, from);
  return start < 0 ? undefined : results2(start + 1, start + sought.length);
}

export function match(s: LuaValue, pattern: LuaValue, init: LuaValue): LuaResult {
  const given = arguments.length;
  const text = typeof s === 'string' ? s : checkString(s, 1, 'match', given);
  const compiled = patternOf(typeof pattern === 'string' ? pattern : checkString(pattern, 2, 'match', given));
  const start = search(compiled, text, startOffset(init, text.length, 'match', given));
  return start < 0 ? undefined : matchResults(compiled, text, start);
}

/** In Lua 5.1 a leading `^` has no special meaning here. */
export function gmatch(s: LuaValue, pattern: LuaValue): LuaResult {
  const given = arguments.length;
  const text = checkString(s, 1, 'gmatch', given);
  const compiled = unanchoredPatternOf(checkString(pattern, 2, 'gmatch', given));
  let from = 0;
  const next: LuaFunction = () => {
    const start = from > text.length ? -1 : search(compiled, text, from);
    if (start < 0) {
      from = text.length + 1;
      return noResults();
    }
    const end = lastEnd();
    from = end === start ? end + 1 : end;
    return matchResults(compiled, text, start);
  };
  return next;
}

function matchResults(pattern: Pattern, text: string, start: number): LuaResult {
  return pattern.captures.length <= 1
    ? captureAt(pattern, 0, text, start)
    : resultsFrom(captures(pattern, text, start));
}

/** All values of the match that the last search found. */
export function captures(pattern: Pattern, text: string, start: number): LuaValue[] {
  const values: LuaValue[] = [];
  for (let k = 0; k < valueCount(pattern); k++) values.push(captureAt(pattern, k, text, start));
  return values;
}
