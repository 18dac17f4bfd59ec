/** Base64 and hexadecimal, strict, with the error texts of Go's decoders (scripts may log or compare them). */

export type Decoded = { readonly bytes: Buffer } | { readonly error: string };

const BASE64 = /[A-Za-z0-9+/]/;

/** Standard base64 with padding; line breaks are skipped. */
export function decodeBase64(text: string): Decoded {
  const error = base64Error(text);
  return error === undefined
    ? { bytes: Buffer.from(text, 'base64') }
    : { error: `illegal base64 data at input byte ${error}` };
}

/** Offset that Go reports for the first defect: the wrong byte, or the start of an unfinished group at the end. */
function base64Error(text: string): number | undefined {
  let inGroup = 0;
  let groupStart = 0;
  for (let i = 0; i < text.length; i++) {
    const c = text.charAt(i);
    if (c === '\r' || c === '\n') continue;
    if (c === '=') return paddingError(text, i, inGroup);
    if (!BASE64.test(c)) return i;
    if (inGroup === 0) groupStart = i;
    inGroup = (inGroup + 1) % 4;
  }
  return inGroup === 0 ? undefined : groupStart;
}

/** After two characters `==` must follow, after three `=`, and then nothing. */
function paddingError(text: string, at: number, inGroup: number): number | undefined {
  if (inGroup < 2) return at;
  const rest = text.slice(at).replace(/[\r\n]/g, '');
  const wanted = inGroup === 2 ? '==' : '=';
  if (rest === wanted) return undefined;
  return rest.length < wanted.length ? text.length : at + 1;
}

/** Hexadecimal digits in either case. */
export function decodeHex(text: string): Decoded {
  const wrong = /[^0-9a-fA-F]/.exec(text)?.[0];
  if (wrong !== undefined) return { error: `encoding/hex: invalid byte: ${codePoint(wrong)}` };
  return text.length % 2 === 0 ? { bytes: Buffer.from(text, 'hex') } : { error: 'encoding/hex: odd length hex string' };
}

/** As Go's `%#U`: `U+007A 'z'`; the character itself only when it is printable. */
function codePoint(c: string): string {
  const code = c.charCodeAt(0);
  const name = `U+${code.toString(16).toUpperCase().padStart(4, '0')}`;
  return code >= 0x20 && code < 0x7f ? `${name} '${c}'` : name;
}
