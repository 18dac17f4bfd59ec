/**
 * Lua patterns as a list of items (Lua 5.1 manual, section 5.4.1). A pattern has no alternatives and no groups to
 * repeat, so which capture an item opens, closes or refers to is known here. A mistake in the pattern is an item too:
 * Lua reports it when the matcher arrives there, not before.
 */
import { ANY, bracketSet, type CharacterSet, escapedSet, singleton } from './character-set.ts';

type Quantifier = 'one' | 'optional' | 'star' | 'plus' | 'lazy';

export type Item =
  | { readonly kind: 'bytes'; readonly set: CharacterSet; readonly quantifier: Quantifier }
  | { readonly kind: 'open'; readonly capture: number }
  | { readonly kind: 'close'; readonly capture: number }
  | { readonly kind: 'position'; readonly capture: number }
  | { readonly kind: 'reference'; readonly capture: number }
  | { readonly kind: 'never' }
  | { readonly kind: 'balance'; readonly opening: number; readonly closing: number }
  | { readonly kind: 'frontier'; readonly set: CharacterSet }
  | { readonly kind: 'end' }
  | { readonly kind: 'mistake'; readonly message: string };

export type CaptureKind = 'text' | 'position' | 'unfinished';

export interface ParsedPattern {
  readonly anchored: boolean;
  readonly items: readonly Item[];
  /** One entry per capture of a complete match. */
  readonly captures: readonly CaptureKind[];
}

const MAX_CAPTURES = 32;

const ESCAPE = 37;
const BRACKET = 91;
const BRACKET_END = 93;
const CARET = 94;

const QUANTIFIERS: ReadonlyMap<number, Quantifier> = new Map([
  [63, 'optional'],
  [42, 'star'],
  [43, 'plus'],
  [45, 'lazy'],
]);

/** Ends the parse with a `mistake` item. */
class Mistake {
  readonly message: string;
  constructor(message: string) {
    this.message = message;
  }
}

/** Parses `source`; `^` anchors only if `anchorable` (in `gmatch` it is an ordinary byte). Never throws. */
export function parsePattern(source: string, anchorable: boolean): ParsedPattern {
  const anchored = anchorable && source.charCodeAt(0) === CARET;
  const parser = new Parser(source, anchored ? 1 : 0);
  try {
    parser.parse();
  } catch (error) {
    if (!(error instanceof Mistake)) throw error;
    parser.items.push({ kind: 'mistake', message: error.message });
  }
  return { anchored, items: parser.items, captures: parser.captures };
}

class Parser {
  readonly items: Item[] = [];
  readonly captures: CaptureKind[] = [];
  private readonly source: string;
  private at: number;

  constructor(source: string, start: number) {
    this.source = source;
    this.at = start;
  }

  parse(): void {
    while (this.at < this.source.length) this.items.push(this.item(this.source[this.at] as string));
  }

  private item(character: string): Item {
    if (character === '(') return this.open();
    if (character === ')') return this.close();
    if (character === '%') return this.escape(this.source[this.at + 1]);
    if (character === '$' && this.at + 1 === this.source.length) {
      this.at++;
      return { kind: 'end' };
    }
    return this.bytes();
  }

  private open(): Item {
    const capture = this.captures.length;
    if (capture >= MAX_CAPTURES) throw new Mistake('too many captures');
    const position = this.source[this.at + 1] === ')';
    this.captures.push(position ? 'position' : 'unfinished');
    this.at += position ? 2 : 1;
    return { kind: position ? 'position' : 'open', capture };
  }

  private close(): Item {
    const capture = this.captures.lastIndexOf('unfinished');
    if (capture === -1) throw new Mistake('invalid pattern capture');
    this.captures[capture] = 'text';
    this.at++;
    return { kind: 'close', capture };
  }

  private escape(next: string | undefined): Item {
    if (next === 'b') return this.balance();
    if (next === 'f') return this.frontier();
    if (next !== undefined && next >= '0' && next <= '9') return this.reference(Number(next) - 1);
    return this.bytes();
  }

  private balance(): Item {
    if (this.at + 3 >= this.source.length) throw new Mistake('unbalanced pattern');
    const opening = this.source.charCodeAt(this.at + 2);
    const closing = this.source.charCodeAt(this.at + 3);
    this.at += 4;
    return { kind: 'balance', opening, closing };
  }

  private frontier(): Item {
    this.at += 2;
    if (this.source.charCodeAt(this.at) !== BRACKET) throw new Mistake("missing '[' after '%f' in pattern");
    return { kind: 'frontier', set: this.set() };
  }

  private reference(capture: number): Item {
    const kind = this.captures[capture];
    if (kind === undefined || kind === 'unfinished') throw new Mistake('invalid capture index');
    this.at += 2;
    return kind === 'position' ? { kind: 'never' } : { kind: 'reference', capture };
  }

  private bytes(): Item {
    const set = this.set();
    const quantifier = QUANTIFIERS.get(this.source.charCodeAt(this.at)) ?? 'one';
    if (quantifier !== 'one') this.at++;
    return { kind: 'bytes', set, quantifier };
  }

  /** One single-character item: a byte, `.`, `%x`, or a bracketed set. */
  private set(): CharacterSet {
    const code = this.source.charCodeAt(this.at++);
    if (code === ESCAPE) {
      if (this.at >= this.source.length) throw new Mistake("malformed pattern (ends with '%')");
      return escapedSet(this.source.charCodeAt(this.at++));
    }
    if (code === BRACKET) return this.bracket();
    return code === 46 ? ANY : singleton(code);
  }

  /** The first byte of a set is a member even if it is `]`. */
  private bracket(): CharacterSet {
    const { source } = this;
    const negated = source.charCodeAt(this.at) === CARET;
    const start = negated ? this.at + 1 : this.at;
    let end = start;
    do {
      if (end >= source.length) throw new Mistake("malformed pattern (missing ']')");
      if (source.charCodeAt(end++) === ESCAPE && end < source.length) end++;
    } while (source.charCodeAt(end) !== BRACKET_END);
    this.at = end + 1;
    return bracketSet(source, start, end, negated);
  }
}
