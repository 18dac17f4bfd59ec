/** The two line formats: logfmt as go-kit's encoder writes it, and JSON with sorted keys (server.md 8.1). */

export type Pair = readonly [key: string, value: string | number | boolean | null | JsonText];

/** JSON that is written as it is. */
export class JsonText {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

const LEVEL_COLOURS: Readonly<Record<string, string>> = { debug: '90', info: '32', warn: '33', error: '31' };

/** One logfmt line with its newline; with `colour` the value of `level` is coloured for terminals. */
export function formatLogfmt(pairs: readonly Pair[], colour: boolean): string {
  let line = '';
  for (const [key, value] of pairs) {
    const name = cleanKey(key);
    if (name === '') continue;
    const text = logfmtValue(value);
    const shown = colour && key === 'level' ? `\u001b[${LEVEL_COLOURS[text] ?? '0'}m${text}\u001b[0m` : text;
    line += line === '' ? `${name}=${shown}` : ` ${name}=${shown}`;
  }
  return `${line}\n`;
}

/** One JSON object with its newline; keys in alphabetical order, the last of equal keys wins. */
export function formatJson(pairs: readonly Pair[]): string {
  const last = new Map(pairs);
  let line = '';
  for (const key of [...last.keys()].sort()) {
    line += `${line === '' ? '{' : ','}${jsonValue(key)}:${jsonValue(last.get(key) ?? null)}`;
  }
  return `${line || '{'}}\n`;
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what has to be found
const NEEDS_ESCAPES = /[\u0000-\u001f"\\\ud800-\udfff]/;

/** As JSON.stringify, which costs several times as much for the usual short text. */
function jsonValue(value: Pair[1]): string {
  if (value instanceof JsonText) return value.text;
  if (typeof value !== 'string' || NEEDS_ESCAPES.test(value)) return JSON.stringify(value);
  return `"${value}"`;
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what has to be found
const UNCLEAN_KEY = /[\u0000-\u0020="\ufffd]/g;

/** Nearly all keys are the literals of our own calls; scripts may bring any number of others. */
const cleanKeys = new Map<string, string>();
const MOST_KEPT_KEYS = 1000;

function cleanKey(key: string): string {
  const known = cleanKeys.get(key);
  if (known !== undefined) return known;
  const clean = key.replace(UNCLEAN_KEY, '');
  if (cleanKeys.size < MOST_KEPT_KEYS) cleanKeys.set(key, clean);
  return clean;
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what has to be found
const NEEDS_QUOTES = /[\u0000-\u0020="\u007f-\u009f\ufffd]/;

function logfmtValue(given: Pair[1]): string {
  const value = given instanceof JsonText ? given.text : given;
  if (typeof value !== 'string') return String(value);
  // The text `null` is quoted, so that it differs from a missing value.
  if (value !== 'null' && !NEEDS_QUOTES.test(value)) return value;
  return JSON.stringify(value).replace(/[\u007f-\u009f]/g, (c) => `\\u00${c.charCodeAt(0).toString(16)}`);
}
