/** The two line formats: logfmt as go-kit's encoder writes it, and JSON with sorted keys (server.md 8.1). */

export type PrintedValue = string | number | boolean | null | JsonText;

/** JSON that is written as it is. */
export class JsonText {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

/** Nearly all keys are the literals of our own calls; scripts may bring any number of others. */
const MOST_KEPT_KEYS = 1000;

const LEVEL_COLOURS: Readonly<Record<string, string>> = { debug: '90', info: '32', warn: '33', error: '31' };

/** A line under construction; keys may come twice. */
export interface LogLine {
  add(key: string, value: PrintedValue): void;
  /** The text with its newline; nothing is added afterwards. */
  end(): string;
}

/** logfmt; with `colour` the value of `level` is coloured for terminals. */
export class LogfmtLine implements LogLine {
  readonly #colour: boolean;
  #text = '';

  constructor(colour: boolean) {
    this.#colour = colour;
  }

  add(key: string, value: PrintedValue): void {
    const name = cleanKey(key);
    if (name === '') return;
    const text = logfmtValue(value);
    const shown = this.#colour && key === 'level' ? `\u001b[${LEVEL_COLOURS[text] ?? '0'}m${text}\u001b[0m` : text;
    this.#text += this.#text === '' ? `${name}=${shown}` : ` ${name}=${shown}`;
  }

  end(): string {
    return `${this.#text}\n`;
  }
}

/** One JSON object; keys in alphabetical order, the last of equal keys wins. */
export class JsonLine implements LogLine {
  readonly #last = new Map<string, PrintedValue>();

  add(key: string, value: PrintedValue): void {
    this.#last.set(key, value);
  }

  end(): string {
    let line = '';
    for (const key of [...this.#last.keys()].sort()) {
      line += `${line === '' ? '{' : ','}${jsonValue(key)}:${jsonValue(this.#last.get(key) ?? null)}`;
    }
    return `${line || '{'}}\n`;
  }
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what has to be found
const NEEDS_ESCAPES = /[\u0000-\u001f"\\\ud800-\udfff]/;

/** As JSON.stringify, which costs several times as much for the usual short text. */
function jsonValue(value: PrintedValue): string {
  if (value instanceof JsonText) return value.text;
  if (typeof value !== 'string' || NEEDS_ESCAPES.test(value)) return JSON.stringify(value);
  return `"${value}"`;
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what has to be found
const UNCLEAN_KEY = /[\u0000-\u0020="\ufffd]/g;

const cleanKey = rememberingKeys((key) => key.replace(UNCLEAN_KEY, ''));

// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what has to be found
const NEEDS_QUOTES = /[\u0000-\u0020="\u007f-\u009f\ufffd]/;

function logfmtValue(given: PrintedValue): string {
  const value = given instanceof JsonText ? given.text : given;
  if (typeof value !== 'string') return String(value);
  // The text `null` is quoted, so that it differs from a missing value.
  if (value !== 'null' && !NEEDS_QUOTES.test(value)) return value;
  return JSON.stringify(value).replace(/[\u007f-\u009f]/g, (c) => `\\u00${c.charCodeAt(0).toString(16)}`);
}

/** The same function, asked once per key for the first thousand of them. */
export function rememberingKeys<T>(ask: (key: string) => T): (key: string) => T {
  const known = new Map<string, T>();
  return (key) => {
    let value = known.get(key);
    if (value === undefined) {
      value = ask(key);
      if (known.size < MOST_KEPT_KEYS) known.set(key, value);
    }
    return value;
  };
}
