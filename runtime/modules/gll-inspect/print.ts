/** Lua values as text that people read: what inspect.lua 3.1 prints. */
import {
  charge,
  chargeMemory,
  entries,
  getMetatable,
  LuaTable,
  type LuaValue,
  rawGet,
  textOf,
  typeName,
} from '../../host/index.ts';

export interface PrintOptions {
  readonly depth: number;
  readonly newline: string;
  readonly indent: string;
  /** Tables that stand for something in a path and are shown by their name. */
  readonly sentinels: ReadonlyMap<LuaTable, string>;
}

/** The metatable as scripts see it: none when a `__metatable` that is no table hides it. */
export function visibleMetatable(table: LuaTable): LuaTable | undefined {
  const metatable = getMetatable(table);
  if (metatable === undefined) return undefined;
  const shown = rawGet(metatable, '__metatable');
  if (shown === undefined) return metatable;
  return shown instanceof LuaTable ? shown : undefined;
}

export function printValue(value: LuaValue, options: PrintOptions): string {
  const printer = new Printer(options, countTables(value));
  printer.putValue(value);
  return printer.text();
}

/** How often each table occurs. */
function countTables(root: LuaValue): ReadonlyMap<LuaTable, number> {
  const counts = new Map<LuaTable, number>();
  const waiting: LuaValue[] = [root];
  while (waiting.length > 0) {
    const value = waiting.pop();
    if (!(value instanceof LuaTable)) continue;
    charge(1);
    const count = counts.get(value) ?? 0;
    counts.set(value, count + 1);
    if (count > 0) continue;
    for (const [key, each] of entries(value)) waiting.push(key, each);
    waiting.push(visibleMetatable(value));
  }
  return counts;
}

class Printer {
  private readonly options: PrintOptions;
  private readonly counts: ReadonlyMap<LuaTable, number>;
  private readonly ids = new Map<LuaValue, number>();
  private readonly lastIds = new Map<string, number>();
  private readonly parts: string[] = [];
  private level = 0;

  constructor(options: PrintOptions, counts: ReadonlyMap<LuaTable, number>) {
    this.options = options;
    this.counts = counts;
  }

  text(): string {
    const text = this.parts.join('');
    chargeMemory(text.length);
    return text;
  }

  putValue(value: LuaValue): void {
    if (value instanceof LuaTable) this.putTable(value);
    else if (typeof value === 'string') this.put(quote(value));
    else if (typeof value === 'object' || typeof value === 'function') {
      this.put(`<${typeName(value)} ${this.idOf(value)}>`);
    } else this.put(textOf(value));
  }

  private put(text: string): void {
    charge(1);
    this.parts.push(text);
  }

  private idOf(value: LuaValue): number {
    let id = this.ids.get(value);
    if (id === undefined) {
      const type = typeName(value);
      id = (this.lastIds.get(type) ?? 0) + 1;
      this.lastIds.set(type, id);
      this.ids.set(value, id);
    }
    return id;
  }

  private putTable(table: LuaTable): void {
    const name = this.options.sentinels.get(table);
    if (name !== undefined) this.put(name);
    else if (this.ids.has(table)) this.put(`<table ${this.idOf(table)}>`);
    else if (this.level >= this.options.depth) this.put('{...}');
    else {
      if ((this.counts.get(table) ?? 0) > 1) this.put(`<${this.idOf(table)}>`);
      this.putContents(table);
    }
  }

  private putContents(table: LuaTable): void {
    const length = sequenceLength(table);
    const keys = otherKeys(table, length);
    const metatable = visibleMetatable(table);
    this.put('{');
    this.level += 1;
    for (let at = 1; at <= length; at++) {
      this.put(at > 1 ? ', ' : ' ');
      this.putValue(rawGet(table, at));
    }
    keys.forEach((key, at) => {
      if (length + at > 0) this.put(',');
      this.startLine();
      this.putKey(key);
      this.put(' = ');
      this.putValue(rawGet(table, key));
    });
    if (metatable !== undefined) this.putMetatable(metatable, length + keys.length > 0);
    this.level -= 1;
    if (keys.length > 0 || metatable !== undefined) this.startLine();
    else if (length > 0) this.put(' ');
    this.put('}');
  }

  private putMetatable(metatable: LuaTable, isContinued: boolean): void {
    if (isContinued) this.put(',');
    this.startLine();
    this.put('<metatable> = ');
    this.putValue(metatable);
  }

  private putKey(key: LuaValue): void {
    if (typeof key === 'string' && /^[A-Za-z_][A-Za-z0-9_]*$/.test(key)) this.put(key);
    else {
      this.put('[');
      this.putValue(key);
      this.put(']');
    }
  }

  private startLine(): void {
    this.put(this.options.newline + this.options.indent.repeat(this.level));
  }
}

function sequenceLength(table: LuaTable): number {
  let length = 0;
  while (rawGet(table, length + 1) !== undefined) length += 1;
  return length;
}

const TYPE_ORDER = ['number', 'boolean', 'string', 'table', 'function', 'userdata', 'thread'];

function otherKeys(table: LuaTable, length: number): LuaValue[] {
  const keys: LuaValue[] = [];
  for (const [key] of entries(table)) if (!isInSequence(key, length)) keys.push(key);
  return keys.sort(compareKeys);
}

function isInSequence(key: LuaValue, length: number): boolean {
  return typeof key === 'number' && Number.isInteger(key) && key >= 1 && key <= length;
}

function compareKeys(a: LuaValue, b: LuaValue): number {
  const difference = TYPE_ORDER.indexOf(typeName(a)) - TYPE_ORDER.indexOf(typeName(b));
  if (difference !== 0) return difference;
  if (typeof a === 'number' && typeof b === 'number') return a - b;
  if (typeof a === 'string' && typeof b === 'string') return a < b ? -1 : Number(a > b);
  return 0;
}

const SHORT: Readonly<Record<string, string>> = {
  '\x07': '\\a',
  '\b': '\\b',
  '\f': '\\f',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
  '\v': '\\v',
};

// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is escaped
const CONTROL_CODE = /[\0-\x1f]/g;

function escapeCode(code: string, at: number, text: string): string {
  return SHORT[code] ?? numbered(code, /[0-9]/.test(text[at + 1] ?? ''));
}

/** Single quotes only where that saves escaping double ones. */
function quote(text: string): string {
  const escaped = text.replaceAll('\\', '\\\\').replace(CONTROL_CODE, escapeCode);
  if (text.includes('"') && !text.includes("'")) return `'${escaped}'`;
  return `"${escaped.replaceAll('"', '\\"')}"`;
}

/** Three digits where a digit follows, which would otherwise be read as part of the number. */
function numbered(code: string, isBeforeDigit: boolean): string {
  const decimal = String(code.charCodeAt(0));
  return `\\${isBeforeDigit ? decimal.padStart(3, '0') : decimal}`;
}
