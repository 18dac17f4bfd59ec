const items = Array.from({ length: 60 }, (_, at) => {
  const i = at + 1;
  return `{ "id": ${i}, "name": "user ${i}", "mail": ["a${i}@example.org", "b\\n"], "active": ${i % 2 === 0}, "score": ${i * 1.5}, "more": { "x": null, "y": -3 } }`;
});
const text = `{ "items": [ ${items.join(', ')} ], "total": 60 }`;
const escapes: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r' };

type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

/** A reader of its own: the program measures the language, not V8's parser in C++. */
class Reader {
  private readonly text: string;
  private at = 0;

  constructor(text: string) {
    this.text = text;
  }

  value(): Json {
    this.skip();
    const c = this.text[this.at];
    if (c === '{') return this.object();
    if (c === '[') return this.array();
    if (c === '"') return this.string();
    for (const [word, value] of [
      ['true', true],
      ['false', false],
      ['null', null],
    ] as const) {
      if (!this.text.startsWith(word, this.at)) continue;
      this.at += word.length;
      return value;
    }
    const [digits = ''] = /^-?\d+\.?\d*(?:[eE][+-]?\d+)?/.exec(this.text.slice(this.at, this.at + 32)) ?? [];
    this.at += digits.length;
    return Number(digits);
  }

  private skip(): void {
    while (this.text.charCodeAt(this.at) <= 32) this.at++;
  }

  private take(expected: string): boolean {
    this.skip();
    if (this.text[this.at] !== expected) return false;
    this.at++;
    return true;
  }

  private object(): Json {
    const object: Record<string, Json> = {};
    this.at++;
    if (this.take('}')) return object;
    do {
      this.skip();
      const key = this.string();
      if (!this.take(':')) throw new Error(`no colon at ${this.at}`);
      object[key] = this.value();
    } while (this.take(','));
    if (!this.take('}')) throw new Error(`no comma at ${this.at}`);
    return object;
  }

  private array(): Json {
    const array: Json[] = [];
    this.at++;
    if (this.take(']')) return array;
    do array.push(this.value());
    while (this.take(','));
    if (!this.take(']')) throw new Error(`no comma at ${this.at}`);
    return array;
  }

  private string(): string {
    let result = '';
    for (let from = ++this.at; ; ) {
      const c = this.text.charCodeAt(this.at);
      if (c !== 34 && c !== 92) {
        this.at++;
        continue;
      }
      result += this.text.slice(from, this.at);
      this.at++;
      if (c === 34) return result;
      const escaped = this.text[this.at] as string;
      result += escapes[escaped] ?? escaped;
      from = ++this.at;
    }
  }
}

function write(v: Json, out: string[]): void {
  if (Array.isArray(v) && v.length > 0) {
    out.push('[');
    v.forEach((item, i) => {
      if (i > 0) out.push(',');
      write(item, out);
    });
    out.push(']');
  } else if (typeof v === 'object' && v !== null) {
    out.push('{');
    let first = true;
    for (const [key, item] of Object.entries(v)) {
      // Lua's tables have no nil values.
      if (item === null) continue;
      if (!first) out.push(',');
      first = false;
      out.push(`"${key}":`);
      write(item, out);
    }
    out.push('}');
  } else if (typeof v === 'string') {
    out.push(`"${v.replace(/[\\"\n]/g, (c) => (c === '\n' ? '\\n' : `\\${c}`))}"`);
  } else {
    out.push(String(v));
  }
}

type Document = { total: number; items: { mail: string[] }[] };

export default (): number => {
  let n = 0;
  for (let round = 1; round <= 8; round++) {
    const value = new Reader(text).value();
    const out: string[] = [];
    write(value, out);
    const { total, items: list } = value as Document;
    n += out.join('').length + total + (list[round - 1]?.mail[0]?.length ?? 0);
  }
  return n;
};
