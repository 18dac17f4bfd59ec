/** The base64 of the crypt(3) family: alphabet `./0-9A-Za-z`, least significant bits first, no padding. */

const ALPHABET = './0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

/**
 * Encodes bytes of `digest` in the order the scheme prescribes: each group of up to three positions makes one number
 * (first position most significant), written as `group length + 1` characters.
 */
export function encodeCrypt(digest: Uint8Array, order: readonly (readonly number[])[]): string {
  let text = '';
  for (const group of order) {
    let value = group.reduce((sum, position) => sum * 256 + (digest[position] ?? 0), 0);
    for (let i = 0; i <= group.length; i++) {
      text += ALPHABET.charAt(value % 64);
      value = Math.floor(value / 64);
    }
  }
  return text;
}

/** The number that characters of this alphabet make, least significant first; -1 for other characters. */
export function crypt64Value(text: string): number {
  let value = 0;
  for (const c of [...text].reverse()) {
    const digit = ALPHABET.indexOf(c);
    if (digit < 0) return -1;
    value = value * 64 + digit;
  }
  return value;
}
