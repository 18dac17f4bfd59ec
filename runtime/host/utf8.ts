/** Walking byte strings as UTF-8, with Go's rule for broken input: every byte that starts no character stands alone. */

/** The bytes of U+FFFD, which replaces what is not UTF-8. */
export const REPLACEMENT = '\xef\xbf\xbd';

// biome-ignore lint/suspicious/noControlCharactersInRegex: the class is "all of ASCII", control characters included
const ASCII = /^[\x00-\x7f]*$/;

export function isAscii(bytes: string): boolean {
  return ASCII.test(bytes);
}

function continues(bytes: string, at: number, low = 0x80, high = 0xbf): boolean {
  const byte = bytes.charCodeAt(at);
  return byte >= low && byte <= high;
}

/** Length of the character that begins at `at`, 0 if none does (RFC 3629: no surrogates, no overlong forms). */
export function characterLength(bytes: string, at: number): number {
  const first = bytes.charCodeAt(at);
  if (first < 0x80) return 1;
  if (first >= 0xc2 && first <= 0xdf) return continues(bytes, at + 1) ? 2 : 0;
  if (first >= 0xe0 && first <= 0xef) {
    const low = first === 0xe0 ? 0xa0 : 0x80;
    const high = first === 0xed ? 0x9f : 0xbf;
    return continues(bytes, at + 1, low, high) && continues(bytes, at + 2) ? 3 : 0;
  }
  if (first >= 0xf0 && first <= 0xf4) {
    const low = first === 0xf0 ? 0x90 : 0x80;
    const high = first === 0xf4 ? 0x8f : 0xbf;
    return continues(bytes, at + 1, low, high) && continues(bytes, at + 2) && continues(bytes, at + 3) ? 4 : 0;
  }
  return 0;
}

/** The characters as byte strings; a byte that starts none is an element of its own. */
export function charactersOf(bytes: string): string[] {
  const characters: string[] = [];
  for (let at = 0; at < bytes.length; ) {
    const length = characterLength(bytes, at) || 1;
    characters.push(bytes.slice(at, at + length));
    at += length;
  }
  return characters;
}

/** The same bytes with every byte that starts no character replaced by U+FFFD. */
export function replaceInvalid(bytes: string): string {
  if (isAscii(bytes)) return bytes;
  let valid = '';
  let start = 0;
  for (let at = 0; at < bytes.length; ) {
    const length = characterLength(bytes, at);
    if (length === 0) {
      valid += bytes.slice(start, at) + REPLACEMENT;
      start = at + 1;
    }
    at += length || 1;
  }
  return valid + bytes.slice(start);
}

/** The UTF-8 bytes of a code point; surrogates become U+FFFD. */
export function encodeCodePoint(point: number): string {
  if (point < 0x80) return String.fromCharCode(point);
  if (point < 0x800) return String.fromCharCode(0xc0 | (point >> 6), 0x80 | (point & 0x3f));
  if (point >= 0xd800 && point <= 0xdfff) return REPLACEMENT;
  const low = 0x80 | (point & 0x3f);
  const middle = 0x80 | ((point >> 6) & 0x3f);
  if (point < 0x10000) return String.fromCharCode(0xe0 | (point >> 12), middle, low);
  return String.fromCharCode(0xf0 | (point >> 18), 0x80 | ((point >> 12) & 0x3f), middle, low);
}
