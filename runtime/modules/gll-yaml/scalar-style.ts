/** How a text is written in YAML: plain, quoted or as a block, after libyaml's analysis of its characters. */
import { fromUtf8, replaceInvalid, toBuffer, toUtf8String } from '../../host/index.ts';
import { readsAsText } from './scalars.ts';

/** Lines are folded at the first blank behind this column. */
const LINE_WIDTH = 80;

export interface Place {
  /** Column at which the text begins. */
  readonly column: number;
  /** Of lines that follow. */
  readonly indent: number;
  readonly isKey: boolean;
}

/** `bytes` as a YAML scalar; the result is a byte string. */
export function writeText(bytes: string, place: Place): string {
  if (replaceInvalid(bytes) !== bytes) return `!!binary ${toBuffer(bytes).toString('base64')}`;
  const text = toUtf8String(bytes);
  const facts = analyse(text);
  const isBlock = text.includes('\n') && facts.allowsBlock && !place.isKey;
  return fromUtf8(isBlock ? writeBlock(text, place) : writeFlow(text, facts, place));
}

function writeFlow(text: string, facts: Facts, place: Place): string {
  const isPlain = !text.includes('\n') && readsAsText(text);
  if (isPlain && facts.allowsPlain && text !== '') return fold(text, place, (part) => part);
  if (isPlain && facts.allowsSingleQuotes) {
    const quoted = fold(text, { ...place, column: place.column + 1 }, (part) => part.replaceAll("'", "''"));
    return `'${quoted}'`;
  }
  return `"${fold(text, { ...place, column: place.column + 1 }, escapeText, true)}"`;
}

interface Facts {
  readonly allowsPlain: boolean;
  readonly allowsSingleQuotes: boolean;
  readonly allowsBlock: boolean;
}

/** What libyaml can print as it is: no control characters but line feed, nothing beyond U+FFFF. */
const UNPRINTABLE = /[^\n -~\u00a0-\ud7ff\ue000-\ufefe\uff00-\ufffd]/u;
/** Characters that mean something at the start of a plain text, wherever they are followed by a blank, or always. */
const INDICATOR = /^(?:---|\.\.\.|[#,[\]{}&*!|>'"%@`]|[?:-](?:[ \n]|$))|:(?:[ \n]|$)|[ \n]#/u;

function analyse(text: string): Facts {
  const isSpecial = UNPRINTABLE.test(text) || / [\n\u0085\u2028\u2029]/u.test(text);
  const breaksBeforeBlank = /[\n\u0085\u2028\u2029] /u.test(text);
  const hasEdges = /^[ \n]|[ \n]$/u.test(text);
  const hasBreaks = /[\n\u0085\u2028\u2029]/u.test(text);
  return {
    allowsPlain: !isSpecial && !hasEdges && !hasBreaks && !INDICATOR.test(text),
    allowsSingleQuotes: !isSpecial && !breaksBeforeBlank,
    allowsBlock: !isSpecial && !text.endsWith(' '),
  };
}

/** A literal block; a first line that begins with a blank needs its indent to be said. */
function writeBlock(text: string, { indent }: Place): string {
  const hint = /^[ \n]/.test(text) ? '2' : '';
  const isBreakAlone = text === '\n' || text.endsWith('\n\n');
  const chomping = text.endsWith('\n') ? (isBreakAlone ? '+' : '') : '-';
  const lines = (text.endsWith('\n') ? text.slice(0, -1) : text).split('\n');
  const body = lines.map((line) => (line === '' ? '' : ' '.repeat(indent) + line)).join('\n');
  return `|${hint}${chomping}\n${body}`;
}

/** Breaks lines at single blanks behind the line width; in double quotes a blank at a break is kept by a backslash. */
function fold(
  text: string,
  { column, indent, isKey }: Place,
  write: (part: string) => string,
  isQuoted = false,
): string {
  if (isKey) return write(text);
  let written = '';
  let at = column;
  const characters = [...text];
  characters.forEach((character, index) => {
    const next = characters[index + 1];
    const isSingleBlank = character === ' ' && characters[index - 1] !== ' ' && index > 0 && next !== undefined;
    if (isSingleBlank && at > LINE_WIDTH && (isQuoted || next !== ' ')) {
      written += `\n${' '.repeat(indent)}${isQuoted && next === ' ' ? '\\' : ''}`;
      at = indent;
    } else {
      const part = write(character);
      written += part;
      at += part.length;
    }
  });
  return written;
}

const NAMED_ESCAPES: Readonly<Record<number, string>> = {
  0: '\\0',
  7: '\\a',
  8: '\\b',
  9: '\\t',
  10: '\\n',
  11: '\\v',
  12: '\\f',
  13: '\\r',
  27: '\\e',
  34: '\\"',
  92: '\\\\',
  133: '\\N',
  8232: '\\L',
  8233: '\\P',
};

function escapeText(text: string): string {
  let escaped = '';
  for (const character of text) escaped += escapeCharacter(character);
  return escaped;
}

function escapeCharacter(character: string): string {
  const point = character.codePointAt(0)!;
  const named = NAMED_ESCAPES[point];
  if (named !== undefined) return named;
  if (!UNPRINTABLE.test(character)) return character;
  const digits = point.toString(16).toUpperCase();
  if (point <= 0xff) return `\\x${digits.padStart(2, '0')}`;
  return point <= 0xffff ? `\\u${digits.padStart(4, '0')}` : `\\U${digits.padStart(8, '0')}`;
}
