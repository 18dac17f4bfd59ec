/** Hexadecimal texts, with the error texts of Go's encoding/hex. */
import { encodeCodePoint, fromBuffer } from '../../host/index.ts';

/** What cannot be decoded; `message` is what the script gets. */
export class CorruptHex extends Error {}

/** Throws `CorruptHex` for a character that is no hexadecimal digit, then for an odd length. */
export function decodeHex(text: string): string {
  const wrong = /[^0-9a-fA-F]/.exec(text);
  if (wrong !== null) throw new CorruptHex(`encoding/hex: invalid byte: ${describeByte(wrong[0].charCodeAt(0))}`);
  if (text.length % 2 !== 0) throw new CorruptHex('encoding/hex: odd length hex string');
  return fromBuffer(Buffer.from(text, 'hex'));
}

/** Code point of the byte, with the character where it can be printed. */
function describeByte(byte: number): string {
  const point = `U+${byte.toString(16).toUpperCase().padStart(4, '0')}`;
  const isPrintable = (byte >= 32 && byte < 127) || (byte > 160 && byte !== 173);
  return isPrintable ? `${point} '${encodeCodePoint(byte)}'` : point;
}
