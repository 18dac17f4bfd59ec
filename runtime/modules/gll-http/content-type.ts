/** What kind of content some bytes are (a part of https://mimesniff.spec.whatwg.org), where a script does not say. */

/** More bytes are not looked at. */
const SNIFFED = 512;

const HTML = /^<(!doctype html|!--|html|head|script|iframe|h1|div|font|table|a|style|title|b|body|br|p)([ >]|$)/i;

const BEGINNINGS: readonly (readonly [string, string])[] = [
  ['%PDF-', 'application/pdf'],
  ['%!PS-Adobe-', 'application/postscript'],
  ['\xfe\xff', 'text/plain; charset=utf-16be'],
  ['\xff\xfe', 'text/plain; charset=utf-16le'],
  ['\xef\xbb\xbf', 'text/plain; charset=utf-8'],
  ['\x89PNG\r\n\x1a\n', 'image/png'],
  ['\xff\xd8\xff', 'image/jpeg'],
  ['GIF87a', 'image/gif'],
  ['GIF89a', 'image/gif'],
  ['\x1f\x8b\x08', 'application/x-gzip'],
  ['PK\x03\x04', 'application/zip'],
];

/** `bytes` is the beginning of the content. */
export function sniffContentType(bytes: string): string {
  const start = bytes.slice(0, SNIFFED);
  const known = BEGINNINGS.find(([beginning]) => start.startsWith(beginning));
  if (known !== undefined) return known[1];
  const text = start.replace(/^[\t\n\f\r ]+/, '');
  if (HTML.test(text)) return 'text/html; charset=utf-8';
  if (text.startsWith('<?xml')) return 'text/xml; charset=utf-8';
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what tells bytes from text
  return /[\x00-\x08\x0b\x0e-\x1a\x1c-\x1f]/.test(start) ? 'application/octet-stream' : 'text/plain; charset=utf-8';
}
