/** Shell patterns of Go's path/filepath: `*` and `?` without slashes, `[a-z]`, `[^a]`, `\` before a literal character. */
import { characterLength } from '../../host/index.ts';

/** A pattern that cannot be understood; `message` is what scripts get. */
export class BadPattern extends Error {
  constructor() {
    super('syntax error in pattern');
  }
}

type Part =
  | { readonly kind: 'star' }
  | { readonly kind: 'one' }
  | { readonly kind: 'literal'; readonly character: string }
  | { readonly kind: 'set'; readonly negated: boolean; readonly ranges: readonly (readonly [string, string])[] };

const TEXT = new TextDecoder();

/** Characters as code points, so that ranges follow Unicode; broken bytes stand for themselves. */
function characters(bytes: string): string[] {
  const list: string[] = [];
  for (let at = 0; at < bytes.length; ) {
    const length = characterLength(bytes, at) || 1;
    list.push(bytes.slice(at, at + length));
    at += length;
  }
  return list;
}

function codePoint(character: string): number {
  if (character.length === 1) return character.charCodeAt(0);
  return TEXT.decode(Buffer.from(character, 'latin1')).codePointAt(0) ?? 0;
}

/** Throws `BadPattern`. */
function parse(pattern: string): Part[] {
  const given = characters(pattern);
  const parts: Part[] = [];
  let at = 0;
  const escaped = (): string => {
    if (given[at] === '\\') at += 1;
    const character = given[at];
    if (character === undefined) throw new BadPattern();
    at += 1;
    return character;
  };
  const rangeEnd = (): string => {
    const character = given[at];
    if (character === undefined || character === '-' || character === ']') throw new BadPattern();
    return escaped();
  };
  const set = (): Part => {
    const negated = given[at] === '^';
    if (negated) at += 1;
    const ranges: [string, string][] = [];
    while (given[at] !== ']' || ranges.length === 0) {
      const low = rangeEnd();
      if (given[at] !== '-') ranges.push([low, low]);
      else {
        at += 1;
        ranges.push([low, rangeEnd()]);
      }
    }
    at += 1;
    return { kind: 'set', negated, ranges };
  };
  while (at < given.length) {
    const character = given[at]!;
    if (character === '*') {
      if (parts.at(-1)?.kind !== 'star') parts.push({ kind: 'star' });
      at += 1;
    } else if (character === '?') {
      parts.push({ kind: 'one' });
      at += 1;
    } else if (character === '[') {
      at += 1;
      parts.push(set());
    } else parts.push({ kind: 'literal', character: escaped() });
  }
  return parts;
}

function fits(part: Part, character: string): boolean {
  switch (part.kind) {
    case 'literal':
      return part.character === character;
    case 'one':
      return character !== '/';
    case 'star':
      return false;
    case 'set': {
      const point = codePoint(character);
      const isIn = part.ranges.some(([low, high]) => codePoint(low) <= point && point <= codePoint(high));
      return isIn !== part.negated;
    }
  }
}

/**
 * Does the whole name match? Throws `BadPattern`, whatever the name is. Going back is only ever needed to the last star
 * (an earlier one can give nothing more), so the time is bounded by the product of the lengths.
 */
export function matches(pattern: string, name: string): boolean {
  const parts = parse(pattern);
  const given = characters(name);
  let part = 0;
  let at = 0;
  let star = -1;
  let resumeAt = 0;
  while (at < given.length) {
    const current = parts[part];
    if (current?.kind === 'star') {
      star = part;
      resumeAt = at;
      part += 1;
    } else if (current !== undefined && fits(current, given[at]!)) {
      part += 1;
      at += 1;
    } else if (star >= 0 && given[resumeAt] !== '/') {
      resumeAt += 1;
      at = resumeAt;
      part = star + 1;
    } else return false;
  }
  return parts.slice(part).every((each) => each.kind === 'star');
}

/** Is there anything in the text that a pattern treats specially? */
export function hasMagic(text: string): boolean {
  return /[*?[\\]/.test(text);
}
