/** Mail addresses with or without a display name (RFC 5322 section 3.4, RFC 6531 for characters beyond ASCII). */

export interface Address {
  /** Display name, '' without one. */
  readonly name: string;
  /** `local@domain`. */
  readonly address: string;
}

/** No address; the message says what is wrong with it. */
export class AddressError extends Error {}

/** Longest address of RFC 5321 section 4.5.3.1, local part and domain together. */
const LONGEST = 320;

const ATOM = String.raw`[A-Za-z0-9!#$%&'*+\-/=?^_\u0060{|}~\u0080-\u{10ffff}]+`;
const DOT_ATOM = `${ATOM}(?:\\.${ATOM})*`;
const QUOTED = String.raw`"(?:[^"\\]|\\.)*"`;
const DOMAIN_LITERAL = String.raw`\[[0-9A-Za-z:.]+\]`;

const ADDRESS = new RegExp(`^(?:${DOT_ATOM}|${QUOTED})@(?:${DOT_ATOM}|${DOMAIN_LITERAL})$`, 'u');
const WITH_NAME = /^(.*?)\s*<([^<>]*)>$/su;
const PHRASE = new RegExp(`^(?:(?:${QUOTED}|\\.|${ATOM})\\s*)*$`, 'u');
const WORD = new RegExp(`${QUOTED}|[^\\s"]+`, 'gu');
/** Control characters: a line break would end the header or the command that the address stands in. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const CONTROL = /[\u0000-\u001f\u007f-\u009f\u2028\u2029]/u;

/** Reads `local@domain` or `Name <local@domain>`; throws AddressError for everything else. */
export function parseAddress(text: string): Address {
  if (CONTROL.test(text)) throw new AddressError('mail: control character in address');
  const trimmed = text.trim();
  if (trimmed === '') throw new AddressError('mail: no address');
  const [, phrase, inner] = WITH_NAME.exec(trimmed) ?? [];
  const address = inner ?? trimmed;
  if (address.length > LONGEST || !ADDRESS.test(address)) throw new AddressError("mail: missing '@' or angle-addr");
  return { name: phrase === undefined ? '' : readPhrase(phrase), address };
}

export function domainOf(address: string): string {
  return address.slice(address.lastIndexOf('@') + 1);
}

function readPhrase(phrase: string): string {
  if (!PHRASE.test(phrase)) throw new AddressError('mail: misplaced character in display name');
  return [...phrase.matchAll(WORD)].map(([word]) => readWord(word)).join(' ');
}

function readWord(word: string): string {
  if (word.startsWith('"')) return word.slice(1, -1).replace(/\\(.)/gsu, '$1');
  return word.replace(/=\?utf-8\?([bq])\?([^?]*)\?=/giu, (_, encoding: string, data: string) =>
    encoding.toLowerCase() === 'b' ? Buffer.from(data, 'base64').toString('utf8') : readQ(data),
  );
}

/** The encoding Q of RFC 2047 section 4.2. */
function readQ(data: string): string {
  const bytes = data
    .replaceAll('_', ' ')
    .replace(/=([0-9A-F]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
  return Buffer.from(bytes, 'latin1').toString('utf8');
}
