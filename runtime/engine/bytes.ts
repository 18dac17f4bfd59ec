/**
 * Byte strings. A Lua string is a JS string whose char codes are the bytes 0-255; text of the outside world (JSON,
 * headers, configuration) is UTF-16 in JS and UTF-8 on the wire. These four functions are the only border.
 */
import { Buffer } from 'node:buffer';

// biome-ignore lint/suspicious/noControlCharactersInRegex: the class is "all of ASCII", control characters included
const ASCII = /^[\x00-\x7f]*$/;

/** Are all bytes below 128? */
export function isAscii(bytes: string): boolean {
  return ASCII.test(bytes);
}

/** Byte string → JS text, read as UTF-8. Invalid sequences become U+FFFD; never throws. */
export function toUtf8String(bytes: string): string {
  return ASCII.test(bytes) ? bytes : Buffer.from(bytes, 'latin1').toString('utf8');
}

/** JS text → byte string holding its UTF-8 encoding. Lone surrogates become U+FFFD; never throws. */
export function fromUtf8(text: string): string {
  return ASCII.test(text) ? text : Buffer.from(text, 'utf8').toString('latin1');
}

/** Byte string → a fresh Buffer with the same bytes. */
export function toBuffer(bytes: string): Buffer {
  return Buffer.from(bytes, 'latin1');
}

/** Bytes of a Buffer or typed array → byte string (a copy, later changes of `buffer` do not show). */
export function fromBuffer(buffer: Uint8Array): string {
  const bytes = Buffer.isBuffer(buffer) ? buffer : Buffer.from(buffer.buffer, buffer.byteOffset, buffer.byteLength);
  return bytes.toString('latin1');
}
