/** Mustache templates to elements, with the rules and error texts of the reference's engine. */
import { charge } from '../../host/index.ts';

export type Element =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'variable'; readonly name: string; readonly isRaw: boolean }
  | { readonly kind: 'section'; readonly name: string; readonly isInverted: boolean; readonly body: readonly Element[] }
  | { readonly kind: 'partial'; readonly name: string; readonly indent: string };

const NEWLINE = 10;

/** Why a template cannot be used; `message` is what the script gets. */
export class TemplateError extends Error {}

/** Throws `TemplateError` with the line. */
export function parseTemplate(text: string): readonly Element[] {
  return new Parser(text).parse();
}

/** Tags of these kinds take the whole line with them when nothing else is on it. */
const STANDALONE_KINDS = '#^/<>=!';

/** The text before a tag, and the blanks between the start of the line and the tag. */
interface Leading {
  readonly text: string;
  readonly padding: string;
  readonly mayStandAlone: boolean;
}

interface Tag {
  /** Without delimiters and blanks around it; never empty. */
  readonly content: string;
  readonly standsAlone: boolean;
}

/** A section that is not closed yet. */
interface OpenSection {
  readonly name: string;
  readonly line: number;
}

class Parser {
  private readonly text: string;
  private at = 0;
  private line = 1;
  private opening = '{{';
  private closing = '}}';

  constructor(text: string) {
    this.text = text;
  }

  parse(section?: OpenSection): readonly Element[] {
    const elements: Element[] = [];
    for (;;) {
      const leading = this.readText();
      if (leading === undefined) {
        if (section !== undefined) throw failure(section.line, `Section ${section.name} has no closing tag`);
        elements.push({ kind: 'text', text: this.text.slice(this.at) });
        return elements;
      }
      const tag = this.readTag(leading.mayStandAlone);
      const text = leading.text + (tag.standsAlone ? '' : leading.padding);
      if (text !== '') elements.push({ kind: 'text', text });
      if (tag.content[0] === '/') {
        this.checkClosing(tag.content.slice(1).trim(), section);
        return elements;
      }
      const element = this.elementOf(tag, tag.standsAlone ? leading.padding : '');
      if (element !== undefined) elements.push(element);
    }
  }

  private checkClosing(name: string, section: OpenSection | undefined): void {
    if (section === undefined) throw failure(this.line, 'unmatched close tag');
    if (name !== section.name) throw failure(this.line, `interleaved closing tag: ${name}`);
  }

  private elementOf({ content }: Tag, indent: string): Element | undefined {
    const name = content.slice(1).trim();
    switch (content[0]) {
      case '!':
        return undefined;
      case '#':
      case '^':
        return { kind: 'section', name, isInverted: content[0] === '^', body: this.parse({ name, line: this.line }) };
      case '>':
        return { kind: 'partial', name, indent };
      case '=':
        this.changeDelimiters(content);
        return undefined;
      case '{':
        return { kind: 'variable', name: content.slice(1, -1).trim(), isRaw: true };
      case '&':
        return { kind: 'variable', name, isRaw: true };
      default:
        return { kind: 'variable', name: content, isRaw: false };
    }
  }

  private changeDelimiters(content: string): void {
    if (content.length < 2 || !content.endsWith('=')) throw failure(this.line, 'Invalid meta tag');
    const [opening, ...rest] = content.slice(1, -1).trim().split(' ');
    const closing = rest.join(' ');
    if (opening === undefined || opening === '' || closing === '') return;
    this.opening = opening;
    this.closing = closing;
  }

  /** Up to and over the next opening delimiter; undefined when there is none. */
  private readText(): Leading | undefined {
    const start = this.at;
    const end = this.skipOver(this.opening);
    if (end === undefined) return undefined;
    const before = this.text.slice(start, end);
    // Not further back: a template may be one long line.
    const lineStart = start + before.lastIndexOf('\n') + 1;
    const isLineStart = lineStart > start || start === 0 || this.text[start - 1] === '\n';
    const padding = this.text.slice(lineStart, end);
    const mayStandAlone = isLineStart && /^[ \t]*$/.test(padding);
    if (!mayStandAlone) return { text: before, padding: '', mayStandAlone };
    return { text: this.text.slice(start, lineStart), padding, mayStandAlone };
  }

  private readTag(mayStandAlone: boolean): Tag {
    const start = this.at;
    const isTriple = this.text[start] === '{';
    const end = this.skipOver((isTriple ? '}' : '') + this.closing);
    if (end === undefined) throw failure(this.line, 'unmatched open tag');
    const content = this.text.slice(start, this.at - this.closing.length).trim();
    if (content === '') throw failure(this.line, 'empty tag');
    const standsAlone = mayStandAlone && STANDALONE_KINDS.includes(content[0]!) && this.skipLineEnd();
    return { content, standsAlone };
  }

  /** Moves behind the next occurrence of `mark` and gives its position; stays where it is when there is none. */
  private skipOver(mark: string): number | undefined {
    const found = this.text.indexOf(mark, this.at);
    if (found < 0) return undefined;
    charge((found - this.at) / 64 + 1);
    // Not with indexOf, which would look beyond the mark, each time to the end of a text without lines.
    for (let at = this.at; at < found; at++) if (this.text.charCodeAt(at) === NEWLINE) this.line += 1;
    this.at = found + mark.length;
    return found;
  }

  /** Skips blanks and the line end behind a tag; false, without moving, when something else follows. */
  private skipLineEnd(): boolean {
    const rest = /[ \t]*(\r?\n|$)/y;
    rest.lastIndex = this.at;
    const match = rest.exec(this.text);
    if (match === null) return false;
    if (match[1] !== '') this.line += 1;
    this.at += match[0].length;
    return true;
  }
}

function failure(line: number, message: string): TemplateError {
  return new TemplateError(`line ${line}: ${message}`);
}
