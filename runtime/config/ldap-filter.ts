/** Search filters as text (RFC 4515). Here, so that those of a configuration are read before anybody is asked. */

export type FilterNode =
  | { readonly kind: 'and' | 'or'; readonly parts: readonly FilterNode[] }
  | { readonly kind: 'not'; readonly part: FilterNode }
  | { readonly kind: 'present'; readonly attribute: string }
  | { readonly kind: Comparison; readonly attribute: string; readonly value: Buffer }
  | ({ readonly kind: 'substrings'; readonly attribute: string } & Substrings)
  | ({ readonly kind: 'extensible' } & Extensible);

export type Comparison = 'equal' | 'greater' | 'less' | 'approximate';

export interface Substrings {
  readonly initial: Buffer | undefined;
  readonly any: readonly Buffer[];
  readonly final: Buffer | undefined;
}

export interface Extensible {
  /** '' without one, as with `rule`. */
  readonly attribute: string;
  readonly rule: string;
  readonly isDn: boolean;
  readonly value: Buffer;
}

/** The text is no filter; the message says where. */
export class FilterError extends Error {}

/** Deeper nesting is no question that somebody has. */
const DEEPEST = 100;

const ATTRIBUTE = String.raw`(?:[A-Za-z][A-Za-z0-9-]*|\d+(?:\.\d+)+)(?:;[A-Za-z0-9-]+)*`;
const ITEM = new RegExp(`^(${ATTRIBUTE})(=|>=|<=|~=)([^()]*)$`, 's');
const EXTENSIBLE = new RegExp(`^(${ATTRIBUTE})?(:dn)?(?::(${ATTRIBUTE}))?:=([^()]*)$`, 'is');

const COMPARISONS: Readonly<Record<string, Comparison>> = {
  '=': 'equal',
  '>=': 'greater',
  '<=': 'less',
  '~=': 'approximate',
};

/** Reads a filter of bytes, one per character; line breaks with the blanks around them do not count. Throws FilterError. */
export function parseFilter(text: string): FilterNode {
  const reader = new Reader(text.replace(/[ \t]*[\r\n]+[ \t\r\n]*/g, '').trim());
  const node = reader.readNode(1);
  if (!reader.isAtEnd) throw reader.error('characters after the end of the filter');
  return node;
}

class Reader {
  private readonly text: string;
  private at = 0;

  constructor(text: string) {
    this.text = text;
  }

  get isAtEnd(): boolean {
    return this.at === this.text.length;
  }

  readNode(depth: number): FilterNode {
    if (depth > DEEPEST) throw this.error('nested too deep');
    this.expect('(');
    const node = this.readInner(depth);
    this.expect(')');
    return node;
  }

  error(detail: string): FilterError {
    return new FilterError(`${detail} at position ${this.at + 1}`);
  }

  private readInner(depth: number): FilterNode {
    const operator = this.text[this.at];
    if (operator === '&' || operator === '|') {
      this.at += 1;
      return { kind: operator === '&' ? 'and' : 'or', parts: this.readList(depth) };
    }
    if (operator !== '!') return this.readItem();
    this.at += 1;
    return { kind: 'not', part: this.readNode(depth + 1) };
  }

  /** None at all is allowed: absolute true and false (RFC 4526). */
  private readList(depth: number): readonly FilterNode[] {
    const parts: FilterNode[] = [];
    while (this.text[this.at] === '(') parts.push(this.readNode(depth + 1));
    return parts;
  }

  private readItem(): FilterNode {
    const end = this.text.indexOf(')', this.at);
    const item = this.text.slice(this.at, end < 0 ? undefined : end);
    const node = this.parseItem(item);
    this.at += item.length;
    return node;
  }

  private parseItem(item: string): FilterNode {
    const [matched, attribute = '', operator = '', value = ''] = ITEM.exec(item) ?? [];
    if (matched === undefined) return this.parseExtensible(item);
    if (operator === '=' && value === '*') return { kind: 'present', attribute };
    if (operator !== '=' || !value.includes('*')) {
      return { kind: COMPARISONS[operator]!, attribute, value: this.unescape(value) };
    }
    const [initial, ...rest] = value.split('*').map((part) => (part === '' ? undefined : this.unescape(part)));
    const final = rest.pop();
    return { kind: 'substrings', attribute, initial, any: rest.filter((part) => part !== undefined), final };
  }

  private parseExtensible(item: string): FilterNode {
    const [matched, attribute = '', dn, rule = '', value = ''] = EXTENSIBLE.exec(item) ?? [];
    if (matched === undefined || (attribute === '' && rule === '')) throw this.error('no comparison');
    return { kind: 'extensible', attribute, rule, isDn: dn !== undefined, value: this.unescape(value) };
  }

  private unescape(value: string): Buffer {
    if (/\\(?![0-9a-fA-F]{2})/.test(value)) throw this.error('a backslash without two hexadecimal digits');
    const bytes = value.replace(/\\(..)/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
    return Buffer.from(bytes, 'latin1');
  }

  private expect(character: string): void {
    if (this.text[this.at] !== character) throw this.error(`'${character}' expected`);
    this.at += 1;
  }
}
