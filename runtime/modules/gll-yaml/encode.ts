/** Lua values to YAML in the style of yaml.v2: block style, sorted keys, lists inside maps not indented. */
import {
  charge,
  entries,
  fromUtf8,
  LuaTable,
  type LuaValue,
  raise,
  textOf,
  toUtf8String,
  typeName,
} from '../../host/index.ts';
import { formatFloat } from '../go/numbers.ts';
import { compareKeys, type Key } from './key-order.ts';
import { writeText } from './scalar-style.ts';

const INDENT = 2;
const DEEPEST = 1000;
const INT64_LIMIT = 2 ** 63;

/** A document with a line end; raises a Lua error for functions and for tables that contain themselves. */
export function encodeDocument(value: LuaValue): string {
  return `${new Encoder().write(value, { column: 0, indent: -INDENT, inMap: false })}\n`;
}

/** Does the value begin on a line of its own? */
export function isBlockCollection(value: LuaValue): boolean {
  return value instanceof LuaTable && !entries(value).next().done;
}

interface Place {
  /** Column behind what is already on the line. */
  readonly column: number;
  /** Indent of the collection that the value is in. */
  readonly indent: number;
  readonly inMap: boolean;
}

class Encoder {
  private readonly onPath = new Set<LuaTable>();

  /** The value without the line end; the first line goes behind what is already there. */
  write(value: LuaValue, place: Place): string {
    charge(1);
    if (value instanceof LuaTable) return this.writeTable(value, place);
    const indent = Math.max(place.indent, 0) + INDENT;
    return writeScalar(value, { column: place.column, indent, isKey: false });
  }

  private writeTable(table: LuaTable, place: Place): string {
    if (this.onPath.has(table) || this.onPath.size > DEEPEST) raise(`nested table ${textOf(table)}`);
    this.onPath.add(table);
    const list = listOf(table);
    const written = list === undefined ? this.writeMap(table, place) : this.writeList(list, place);
    this.onPath.delete(table);
    return written;
  }

  private writeList(list: readonly LuaValue[], place: Place): string {
    if (list.length === 0) return '[]';
    const indent = place.inMap ? place.indent : place.indent + INDENT;
    const lead = place.inMap ? `\n${' '.repeat(indent)}` : '';
    const items = list.map((item) => `- ${this.write(item, { column: indent + 2, indent, inMap: false })}`);
    return lead + items.join(`\n${' '.repeat(indent)}`);
  }

  private writeMap(table: LuaTable, place: Place): string {
    const indent = place.indent + INDENT;
    const lead = place.inMap ? `\n${' '.repeat(indent)}` : '';
    const members = [...entries(table)].map(([key, value]) => [keyOf(key), value] as const);
    members.sort(([a], [b]) => compareKeys(a, b));
    const lines = members.map(([key, value]) => this.writeMember(key, value, indent));
    return lead + lines.join(`\n${' '.repeat(indent)}`);
  }

  private writeMember(key: Key, value: LuaValue, indent: number): string {
    const bytes = typeof key === 'string' ? fromUtf8(key) : key;
    const name = writeScalar(bytes, { column: indent, indent, isKey: true });
    const written = this.write(value, { column: indent + name.length + 2, indent, inMap: true });
    return written.startsWith('\n') ? `${name}:${written}` : `${name}: ${written}`;
  }
}

/** Keys are compared as text, not as bytes. */
function keyOf(key: LuaValue): Key {
  if (typeof key === 'number' || typeof key === 'boolean') return key;
  return typeof key === 'string' ? toUtf8String(key) : raise(`cannot encode values with ${typeName(key)} in them`);
}

/** The elements, if the keys are 1 to n in order; undefined for a map. */
function listOf(table: LuaTable): readonly LuaValue[] | undefined {
  const list: LuaValue[] = [];
  for (const [key, value] of entries(table)) {
    if (key !== list.length + 1) return undefined;
    list.push(value);
  }
  return list;
}

function writeScalar(value: LuaValue, place: { column: number; indent: number; isKey: boolean }): string {
  if (value === undefined) return 'null';
  if (typeof value === 'boolean') return String(value);
  if (typeof value === 'number') return writeNumber(value);
  if (typeof value === 'string') return writeText(value, place);
  return raise(`cannot encode values with ${typeName(value)} in them`);
}

function writeNumber(value: number): string {
  if (Number.isNaN(value)) return '.nan';
  if (!Number.isFinite(value)) return value > 0 ? '.inf' : '-.inf';
  if (Number.isInteger(value) && Math.abs(value) < INT64_LIMIT) return BigInt(value).toString();
  return formatFloat(value);
}
