/** Base64 with any alphabet, decoding as strictly as Go's encoding/base64 (RFC 4648, line ends are skipped). */
import { toBuffer } from '../../host/index.ts';

const STANDARD = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
const URL_SAFE = `${STANDARD.slice(0, 62)}-_`;
const PAD = '=';

/** What cannot be decoded; `message` is what the script gets. */
export class CorruptBase64 extends Error {
  constructor(offset: number) {
    super(`illegal base64 data at input byte ${offset}`);
  }
}

export class Base64Encoding {
  readonly isPadded: boolean;
  private readonly alphabet: string;
  private readonly toStandard: ReadonlyMap<string, string>;

  /** `alphabet` has 64 different bytes. */
  constructor(alphabet: string, isPadded: boolean) {
    this.alphabet = alphabet;
    this.isPadded = isPadded;
    this.toStandard = new Map([...alphabet].map((each, at) => [each, STANDARD[at]!]));
  }

  encode(bytes: string): string {
    const standard = toBuffer(bytes).toString('base64');
    const text = this.isPadded ? standard : standard.replace(/=+$/, '');
    if (this.alphabet === STANDARD) return text;
    return text.replace(/[^=]/g, (each) => this.alphabet[STANDARD.indexOf(each)]!);
  }

  /** Throws `CorruptBase64` with the offset of the first byte that is wrong. */
  decode(text: string): string {
    let standard = '';
    for (let at = 0; at < text.length; ) {
      const quantum = this.readQuantum(text, at);
      standard += quantum.digits;
      at = quantum.end;
    }
    return Buffer.from(standard, 'base64').toString('latin1');
  }

  /** Up to four digits and the padding behind them, translated to the standard alphabet. */
  private readQuantum(text: string, start: number): { readonly digits: string; readonly end: number } {
    let digits = '';
    let at = start;
    while (digits.length < 4) {
      const character = text[at];
      if (character === undefined) return this.endInside(digits, at);
      at += 1;
      const digit = this.toStandard.get(character);
      if (digit !== undefined) digits += digit;
      else if (character !== '\n' && character !== '\r') {
        return { digits, end: this.readPadding(text, at, character, digits.length) };
      }
    }
    return { digits, end: at };
  }

  private endInside(digits: string, at: number): { readonly digits: string; readonly end: number } {
    if (digits.length === 1 || (digits.length > 0 && this.isPadded)) throw new CorruptBase64(at - digits.length);
    return { digits, end: at };
  }

  /** Behind a byte that is no digit: it must be padding, complete, and the last thing in the text. */
  private readPadding(text: string, start: number, character: string, digits: number): number {
    if (!this.isPadded || character !== PAD || digits < 2) throw new CorruptBase64(start - 1);
    let at = start;
    if (digits === 2) {
      at = skipLineEnds(text, at);
      if (at === text.length) throw new CorruptBase64(at);
      if (text[at] !== PAD) throw new CorruptBase64(at - 1);
      at += 1;
    }
    at = skipLineEnds(text, at);
    if (at < text.length) throw new CorruptBase64(at);
    return at;
  }
}

function skipLineEnds(text: string, start: number): number {
  let at = start;
  while (text[at] === '\n' || text[at] === '\r') at += 1;
  return at;
}

export const STANDARD_ENCODINGS: Readonly<Record<string, Base64Encoding>> = {
  StdEncoding: new Base64Encoding(STANDARD, true),
  RawStdEncoding: new Base64Encoding(STANDARD, false),
  URLEncoding: new Base64Encoding(URL_SAFE, true),
  RawURLEncoding: new Base64Encoding(URL_SAFE, false),
};
