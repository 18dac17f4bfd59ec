/**
 * Pattern matching: every item of a pattern becomes a closure that matches at a position and then calls the closure
 * of what follows. Leftmost, greedy, backtracking, exactly as Lua's matcher; the shortcuts only leave out attempts
 * that must fail. A match never runs Lua code, so one set of registers serves all patterns.
 */
import type { LuaValue } from '../../contract/abi.ts';
import { B, charge } from '../budget.ts';
import { raise } from '../error.ts';
import { ANY, areDisjoint, type CharacterSet, onlyMember } from './character-set.ts';
import { type CaptureKind, type Item, type ParsedPattern, parsePattern } from './pattern.ts';

/** Matches at byte offset `i` of the subject; the offset behind the match, or FAIL. */
type Matcher = (i: number) => number;

const FAIL = -1;

export interface Pattern {
  readonly anchored: boolean;
  readonly captures: readonly CaptureKind[];
  readonly matchAt: Matcher;
  /** Every match begins with one of these; null if unknown. */
  readonly first: CharacterSet | null;
  /** Every match begins with this text; '' if unknown. */
  readonly prefix: string;
  /** Has no special characters at all, so that `find` looks for it as it stands. */
  readonly isText: boolean;
}

/** Closures call each other, so a pattern may not be longer than the stack is deep. */
const MAX_STEPS = 2000;

/** Steps between two looks at the budget. */
const FUEL = 4096;

let subject = '';
let length = 0;
let fuel = FUEL;
let matchEnd = 0;
const captureStart = new Int32Array(32);
const captureEnd = new Int32Array(32);

/** Charges the running task's budget for the steps since the last call; throws when it is used up. */
function refuel(): void {
  const spent = FUEL - fuel;
  fuel = FUEL;
  charge(spent);
  stops = mayStop && B.due;
}

/** May the search that runs be left to give others a turn, and is it time for that? */
let mayStop = false;
let stops = false;

/** Offset from which a search goes on that was left, else -1. */
let stoppedAt = FAIL;

/**
 * `search`, but it may give up before it has found out when others are due: then `searchStoppedAt` says where to go on.
 * One attempt to match is never left.
 */
export function searchUntilDue(pattern: Pattern, text: string, from: number): number {
  mayStop = true;
  try {
    return search(pattern, text, from);
  } finally {
    mayStop = false;
    stops = false;
  }
}

/** From where the last `searchUntilDue` has to go on; -1 if it is over. */
export function searchStoppedAt(): number {
  const at = stoppedAt;
  stoppedAt = FAIL;
  return at;
}

function stopAt(i: number): number {
  stoppedAt = i;
  return FAIL;
}

/**
 * Offset of the leftmost match at or behind byte offset `from` (at `from` only if anchored), or -1; then `lastEnd()`
 * and `captureAt()` tell the rest until the next search. Raises Lua errors for mistakes in the pattern.
 */
export function search(pattern: Pattern, text: string, from: number): number {
  subject = text;
  length = text.length;
  if (pattern.anchored) return attempt(pattern.matchAt, from) ? from : FAIL;
  if (pattern.prefix !== '') return searchPrefix(pattern, from);
  if (pattern.first !== null) return searchFirst(pattern.matchAt, pattern.first, from);
  for (let i = from; i <= length; i++) {
    if (attempt(pattern.matchAt, i)) return i;
    if (stops) return stopAt(i + 1);
  }
  return FAIL;
}

function searchPrefix(pattern: Pattern, from: number): number {
  const { matchAt, prefix } = pattern;
  for (let i = from; ; i++) {
    const skippedFrom = i;
    i = subject.indexOf(prefix, i);
    if (i === -1) {
      fuel -= (length - skippedFrom) >> 4;
      return FAIL;
    }
    fuel -= (i - skippedFrom) >> 4;
    if (attempt(matchAt, i)) return i;
    if (stops) return stopAt(i + 1);
  }
}

function searchFirst(matchAt: Matcher, first: CharacterSet, from: number): number {
  for (let i = from; i < length; i++) {
    if (first[subject.charCodeAt(i)] === 1) {
      if (attempt(matchAt, i)) return i;
      if (stops) return stopAt(i + 1);
    } else if (--fuel < 0) refuel();
  }
  return FAIL;
}

function attempt(matchAt: Matcher, i: number): boolean {
  if (--fuel < 0) refuel();
  matchEnd = matchAt(i);
  return matchEnd !== FAIL;
}

/** Offset behind the match that the last `search` found. */
export function lastEnd(): number {
  return matchEnd;
}

/** Number of values a match yields: its captures, or the whole match if it has none. */
export function valueCount(pattern: Pattern): number {
  return pattern.captures.length || 1;
}

/**
 * Value `index` (0-based) of the match `text[start, lastEnd())`: a capture, a position (number), or for index 0 of a
 * pattern without captures the whole match.
 */
export function captureAt(pattern: Pattern, index: number, text: string, start: number): LuaValue {
  const kind = pattern.captures[index];
  if (kind === 'text') return text.slice(captureStart[index] as number, captureEnd[index] as number);
  if (kind === 'position') return (captureStart[index] as number) + 1;
  if (kind === 'unfinished') raise('unfinished capture');
  if (index !== 0) raise('invalid capture index');
  return text.slice(start, matchEnd);
}

/** Compiles a pattern; a leading `^` anchors only if `canAnchor`. Never throws: mistakes are raised in matching. */
export function compilePattern(source: string, canAnchor: boolean): Pattern {
  const parsed = parsePattern(source, canAnchor);
  const items = shorten(mergeRuns(parsed.items));
  const { matchAt } = items.reduceRight(prepend, END);
  const isText = !/[\^$*+?.([%-]/.test(source);
  return { anchored: parsed.anchored, captures: parsed.captures, matchAt, isText, ...searchHints(parsed, items) };
}

function shorten(steps: readonly Step[]): readonly Step[] {
  return steps.length <= MAX_STEPS
    ? steps
    : [...steps.slice(0, MAX_STEPS), { kind: 'mistake', message: 'pattern too complex' }];
}

/** Neighbouring single bytes are matched in one loop. */
interface Run {
  readonly kind: 'run';
  readonly sets: readonly CharacterSet[];
  /** The run as text if every set has one member. */
  readonly text: string | null;
}

type Step = Item | Run;

function mergeRuns(items: readonly Item[]): readonly Step[] {
  const steps: Step[] = [];
  let sets: CharacterSet[] = [];
  const flush = () => {
    if (sets.length > 0) steps.push({ kind: 'run', sets, text: textOf(sets) });
    sets = [];
  };
  for (const item of items) {
    if (item.kind === 'bytes' && item.quantifier === 'one') sets.push(item.set);
    else {
      flush();
      steps.push(item);
    }
  }
  flush();
  return steps;
}

function textOf(sets: readonly CharacterSet[]): string | null {
  const codes = sets.map(onlyMember);
  return codes.includes(-1) ? null : String.fromCharCode(...codes);
}

function searchHints(parsed: ParsedPattern, steps: readonly Step[]): Pick<Pattern, 'first' | 'prefix'> {
  const step = steps.find((s) => s.kind !== 'open' && s.kind !== 'position' && s.kind !== 'close');
  if (parsed.anchored || step === undefined) return { first: null, prefix: '' };
  if (step.kind === 'run') return { first: step.sets[0] as CharacterSet, prefix: step.text ?? '' };
  const required = step.kind === 'bytes' && step.quantifier === 'plus';
  return { first: required ? step.set : null, prefix: '' };
}

/** A matcher with what is known about its beginning: `follow` = it starts with one of these bytes, or fails. */
interface Node {
  readonly matchAt: Matcher;
  readonly follow: CharacterSet | null;
  readonly isEnd: boolean;
}

const END: Node = { matchAt: (i) => i, follow: null, isEnd: true };

function prepend(next: Node, step: Step): Node {
  const node = (matchAt: Matcher, follow: CharacterSet | null = null): Node => ({ matchAt, follow, isEnd: false });
  switch (step.kind) {
    case 'run':
      return node(runMatcher(step, next.matchAt), step.sets[0] as CharacterSet);
    case 'bytes':
      return node(repeatMatcher(step.set, step.quantifier, next), step.quantifier === 'plus' ? step.set : null);
    case 'open':
    case 'position':
      return node(openMatcher(step.capture, next.matchAt), next.follow);
    case 'close':
      return node(closeMatcher(step.capture, next.matchAt), next.follow);
    case 'reference':
      return node(referenceMatcher(step.capture, next.matchAt));
    case 'never':
      return node(() => FAIL);
    case 'balance':
      return node(balanceMatcher(step.opening, step.closing, next.matchAt));
    case 'frontier':
      return node(frontierMatcher(step.set, next.matchAt));
    case 'end':
      return node((i) => (i === length ? next.matchAt(i) : FAIL));
    case 'mistake':
      return node(() => raise(step.message));
  }
}

function runMatcher(run: Run, next: Matcher): Matcher {
  const { sets, text } = run;
  const count = sets.length;
  if (count === 1) {
    const code = onlyMember(sets[0] as CharacterSet);
    return code === -1 ? setMatcher(sets[0] as CharacterSet, next) : byteMatcher(code, next);
  }
  if (text !== null) return (i) => (subject.startsWith(text, i) ? next(i + count) : FAIL);
  return (i) => {
    if (i + count > length) return FAIL;
    for (let k = 0; k < count; k++) {
      if ((sets[k] as CharacterSet)[subject.charCodeAt(i + k)] === 0) return FAIL;
    }
    return next(i + count);
  };
}

function byteMatcher(code: number, next: Matcher): Matcher {
  return (i) => (i < length && subject.charCodeAt(i) === code ? next(i + 1) : FAIL);
}

function setMatcher(set: CharacterSet, next: Matcher): Matcher {
  return (i) => (i < length && set[subject.charCodeAt(i)] === 1 ? next(i + 1) : FAIL);
}

function repeatMatcher(set: CharacterSet, quantifier: Quantified, next: Node): Matcher {
  if (quantifier === 'optional') return optionalMatcher(set, next.matchAt);
  if (quantifier === 'lazy') return lazyMatcher(set, next);
  return greedyMatcher(set, quantifier === 'plus' ? 1 : 0, next);
}

type Quantified = Extract<Item, { kind: 'bytes' }>['quantifier'];

function optionalMatcher(set: CharacterSet, next: Matcher): Matcher {
  return (i) => {
    if (i < length && set[subject.charCodeAt(i)] === 1) {
      if (--fuel < 0) refuel();
      const end = next(i + 1);
      if (end !== FAIL) return end;
    }
    return next(i);
  };
}

/** End of the longest run of `set` bytes from `i` on. */
function skip(set: CharacterSet, i: number): number {
  let j = i;
  if (set === ANY) j = length;
  else while (j < length && set[subject.charCodeAt(j)] === 1) j++;
  fuel -= j - i;
  if (fuel < 0) refuel();
  return j;
}

function greedyMatcher(set: CharacterSet, least: number, next: Node): Matcher {
  const { matchAt, follow } = next;
  if (next.isEnd || (follow !== null && areDisjoint(set, follow))) {
    // What follows can only match behind the longest run.
    return (i) => {
      const end = skip(set, i);
      return end - i < least ? FAIL : matchAt(end);
    };
  }
  return follow === null ? backtracking(set, least, matchAt) : filteredBacktracking(set, least, matchAt, follow);
}

function backtracking(set: CharacterSet, least: number, next: Matcher): Matcher {
  return (i) => {
    const stop = i + least;
    for (let j = skip(set, i); j >= stop; j--) {
      const end = next(j);
      if (end !== FAIL) return end;
      if (--fuel < 0) refuel();
    }
    return FAIL;
  };
}

function filteredBacktracking(set: CharacterSet, least: number, next: Matcher, follow: CharacterSet): Matcher {
  return (i) => {
    const stop = i + least;
    for (let j = skip(set, i); j >= stop; j--) {
      if (j < length && follow[subject.charCodeAt(j)] === 1) {
        const end = next(j);
        if (end !== FAIL) return end;
      }
      if (--fuel < 0) refuel();
    }
    return FAIL;
  };
}

function lazyMatcher(set: CharacterSet, next: Node): Matcher {
  const { matchAt } = next;
  if (next.follow !== null) return filteredLazyMatcher(set, matchAt, next.follow);
  return (i) => {
    for (let j = i; ; j++) {
      const end = matchAt(j);
      if (end !== FAIL) return end;
      if (j >= length || set[subject.charCodeAt(j)] === 0) return FAIL;
      if (--fuel < 0) refuel();
    }
  };
}

function filteredLazyMatcher(set: CharacterSet, next: Matcher, follow: CharacterSet): Matcher {
  return (i) => {
    for (let j = i; j < length; j++) {
      const code = subject.charCodeAt(j);
      if (follow[code] === 1) {
        const end = next(j);
        if (end !== FAIL) return end;
      }
      if (set[code] === 0) return FAIL;
      if (--fuel < 0) refuel();
    }
    return FAIL;
  };
}

function openMatcher(capture: number, next: Matcher): Matcher {
  return (i) => {
    captureStart[capture] = i;
    return next(i);
  };
}

function closeMatcher(capture: number, next: Matcher): Matcher {
  return (i) => {
    captureEnd[capture] = i;
    return next(i);
  };
}

function referenceMatcher(capture: number, next: Matcher): Matcher {
  return (i) => {
    const text = subject.slice(captureStart[capture] as number, captureEnd[capture] as number);
    fuel -= text.length >> 4;
    if (fuel < 0) refuel();
    return subject.startsWith(text, i) ? next(i + text.length) : FAIL;
  };
}

function balanceMatcher(opening: number, closing: number, next: Matcher): Matcher {
  return (i) => {
    if (i >= length || subject.charCodeAt(i) !== opening) return FAIL;
    let depth = 1;
    for (let j = i + 1; j < length; j++) {
      if (--fuel < 0) refuel();
      const code = subject.charCodeAt(j);
      if (code === closing) {
        if (--depth === 0) return next(j + 1);
      } else if (code === opening) depth++;
    }
    return FAIL;
  };
}

/** Between a byte outside the set and one inside it; the subject counts as surrounded by NULs. */
function frontierMatcher(set: CharacterSet, next: Matcher): Matcher {
  return (i) => {
    const before = i === 0 ? 0 : subject.charCodeAt(i - 1);
    const after = i === length ? 0 : subject.charCodeAt(i);
    return set[before] === 0 && set[after] === 1 ? next(i) : FAIL;
  };
}
