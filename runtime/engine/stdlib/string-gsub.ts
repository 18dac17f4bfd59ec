// biome-ignore-all lint/complexity/noArguments: a missing argument is told apart from nil without a rest array per call
/** `string.gsub`. */

import type { Multi } from '../../contract/abi.ts';
import {
  type Activation,
  argumentError,
  B,
  chargeMemory,
  first,
  index,
  isActivation,
  type LuaFunction,
  type LuaResult,
  LuaTable,
  type LuaValue,
  nameBuiltin,
  pause,
  raise,
  results2,
  typeName,
} from '../api.ts';
import { captureAt, lastEnd, type Pattern, search } from '../strings/matcher.ts';
import { numberToString } from '../strings/number.ts';
import { patternOf } from '../strings/pattern-cache.ts';
import { type ReplacementPlan, replacementPlan, WHOLE_MATCH } from '../strings/replacement.ts';
import { checkString, optionalInteger } from './arguments.ts';
import { captures } from './string-patterns.ts';

/** The budget hears of the result whenever it has grown by this many bytes. */
const NOTABLE_GROWTH = 1 << 16;

/** Where a running `gsub` stands; the callback may run other searches in between. */
class Substitution {
  count = 0;
  private readonly text: string;
  private readonly pattern: Pattern;
  private readonly limit: number;
  private output = '';
  /** Length of the output that the budget knows of. */
  private charged = 0;
  /** Everything before this offset is in `output`. */
  private done = 0;
  private from = 0;
  private start = 0;
  private end = 0;

  constructor(text: string, pattern: Pattern, limit: number) {
    this.text = text;
    this.pattern = pattern;
    this.limit = limit;
  }

  /** Finds the next match; false when there is none left. */
  advance(): boolean {
    if (this.count >= this.limit || this.from > this.text.length) return false;
    if (this.pattern.anchored && this.count > 0) return false;
    const start = search(this.pattern, this.text, this.from);
    if (start < 0) return false;
    this.start = start;
    this.end = lastEnd();
    this.from = this.end === start ? start + 1 : this.end;
    this.count++;
    return true;
  }

  /** Puts `replacement` in place of the match. */
  replace(replacement: string): void {
    this.output += this.done === this.start ? replacement : this.text.slice(this.done, this.start) + replacement;
    this.done = this.end;
    if (this.output.length - this.charged >= NOTABLE_GROWTH) this.chargeOutput();
  }

  private chargeOutput(): void {
    chargeMemory(this.output.length);
    this.charged = this.output.length;
  }

  /** Puts the result of a callback or table look-up in place of the match; nil and false keep it. */
  replaceWith(value: LuaValue): void {
    if (value === undefined || value === false) return;
    if (typeof value === 'string') this.replace(value);
    else if (typeof value === 'number') this.replace(numberToString(value));
    else raise(`invalid replacement value (a ${typeName(value)})`);
  }

  firstCapture(): LuaValue {
    return captureAt(this.pattern, 0, this.text, this.start);
  }

  call(f: LuaFunction): LuaResult {
    return this.pattern.captures.length <= 1
      ? f(this.firstCapture())
      : f(...captures(this.pattern, this.text, this.start));
  }

  expand(plan: ReplacementPlan): string {
    let text = '';
    for (const part of plan) text += typeof part === 'string' ? part : this.capture(part);
    return text;
  }

  private capture(part: number): string {
    if (part === WHOLE_MATCH) return this.text.slice(this.start, this.end);
    const value = captureAt(this.pattern, part, this.text, this.start);
    return typeof value === 'number' ? numberToString(value) : (value as string);
  }

  finish(): Multi {
    return results2(this.output + this.text.slice(this.done), this.count);
  }
}

/** Shorter texts are replaced in one go. */
const LONG_TEXT = 1024;

const gsubAtOnce: LuaFunction = gsub;

/** `gsub` for code that may wait. */
export const gsubInTurns: LuaFunction = (...args) => {
  const [text, source, replacement, limit] = args;
  const isKnown =
    typeof replacement === 'string' || typeof replacement === 'function' || replacement instanceof LuaTable;
  if (typeof text !== 'string' || text.length < LONG_TEXT || typeof source !== 'string' || !isKnown)
    return gsubAtOnce(...args);
  const limited = optionalInteger(limit, Number.POSITIVE_INFINITY, 4, 'gsub', args.length);
  const substitution = new Substitution(text, patternOf(source), limited);
  return replaceLater(substitution, replacementBy(substitution, replacement));
};

function replacementBy(substitution: Substitution, replacement: string | LuaFunction | LuaTable): () => LuaResult {
  if (typeof replacement === 'function') return () => substitution.call(replacement);
  if (replacement instanceof LuaTable) return () => index(replacement, substitution.firstCapture());
  const plan = replacementPlan(replacement);
  return () => substitution.expand(plan);
}

const replaceLater = nameBuiltin(function* (substitution: Substitution, lookUp: () => LuaResult): Activation {
  while (substitution.advance()) {
    const value = lookUp();
    substitution.replaceWith(first(isActivation(value) ? yield* value : value));
    if (B.due) yield* pause();
  }
  return substitution.finish();
}, 'gsub');

export function gsub(s: LuaValue, pattern: LuaValue, replacement: LuaValue, limit: LuaValue): LuaResult {
  const given = arguments.length;
  const text = checkString(s, 1, 'gsub', given);
  const source = checkString(pattern, 2, 'gsub', given);
  const limited = optionalInteger(limit, Number.POSITIVE_INFINITY, 4, 'gsub', given);
  const substitution = new Substitution(text, patternOf(source), limited);
  if (typeof replacement === 'string') return replaceByText(substitution, replacement);
  if (typeof replacement === 'number') return replaceByText(substitution, numberToString(replacement));
  if (typeof replacement === 'function') return replaceBy(substitution, () => substitution.call(replacement));
  if (!(replacement instanceof LuaTable)) argumentError(3, 'gsub', 'string/function/table expected');
  return replaceBy(substitution, () => index(replacement, substitution.firstCapture()));
}

function replaceByText(substitution: Substitution, replacement: string): LuaResult {
  const plan = replacementPlan(replacement);
  if (plan.length === 0 || (plan.length === 1 && typeof plan[0] === 'string')) {
    const text = (plan[0] ?? '') as string;
    while (substitution.advance()) substitution.replace(text);
  } else {
    while (substitution.advance()) substitution.replace(substitution.expand(plan));
  }
  return substitution.finish();
}

function replaceBy(substitution: Substitution, lookUp: () => LuaResult): LuaResult {
  while (substitution.advance()) {
    const value = lookUp();
    if (isActivation(value)) return resumeReplacing(substitution, lookUp, value);
    substitution.replaceWith(first(value));
  }
  return substitution.finish();
}

/** The rest of `replaceBy` from the first callback on that may wait. */
const resumeReplacing = nameBuiltin(function* (
  substitution: Substitution,
  lookUp: () => LuaResult,
  waiting: Activation,
): Activation {
  substitution.replaceWith(first(yield* waiting));
  while (substitution.advance()) {
    const value = lookUp();
    substitution.replaceWith(first(isActivation(value) ? yield* value : value));
  }
  return substitution.finish();
}, 'gsub');
