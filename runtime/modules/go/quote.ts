/** Texts in double quotes as Go's strconv writes them. */
import { characterLength } from '../../host/index.ts';

const SHORT: Readonly<Record<string, string>> = {
  '\x07': '\\a',
  '\b': '\\b',
  '\f': '\\f',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
  '\v': '\\v',
  '"': '\\"',
  '\\': '\\\\',
};

const TEXT = new TextDecoder('utf-8', { ignoreBOM: true });

/** A byte string; what cannot be printed is escaped, bytes that are no UTF-8 as `\xff`. */
export function quote(bytes: string): string {
  let quoted = '"';
  for (let at = 0; at < bytes.length; ) {
    const length = characterLength(bytes, at);
    quoted += length === 0 ? hexadecimal(bytes.charCodeAt(at), 2, 'x') : quoteCharacter(bytes.slice(at, at + length));
    at += length || 1;
  }
  return `${quoted}"`;
}

function quoteCharacter(character: string): string {
  const short = SHORT[character];
  if (short !== undefined) return short;
  if (character.length === 1) {
    const code = character.charCodeAt(0);
    return code < 0x20 || code === 0x7f ? hexadecimal(code, 2, 'x') : character;
  }
  const text = TEXT.decode(Buffer.from(character, 'latin1'));
  if (/^[\p{L}\p{M}\p{N}\p{P}\p{S}]$/u.test(text)) return character;
  const code = text.codePointAt(0) ?? 0;
  return code < 0x10000 ? hexadecimal(code, 4, 'u') : hexadecimal(code, 8, 'U');
}

function hexadecimal(code: number, digits: number, letter: string): string {
  return `\\${letter}${code.toString(16).padStart(digits, '0')}`;
}
