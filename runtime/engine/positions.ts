/**
 * From positions in JavaScript to positions in Lua: tables per script (source map version 3), and what the names of
 * JS functions say. Nothing here costs anything until an error asks.
 */

import { chunkTag, type EmittedFunction, readEmittedName } from '../contract/function-names.ts';

/**
 * A source map, of which only this much is read. `sources` are chunk names as messages show them. A segment with a name
 * is a call, and the name says how the caller calls: `global f`, `local f`, `method f`, `field f`, `upvalue f` or `?`;
 * a trailing `!` marks a tail call of something that is no builtin.
 */
export interface PositionTable {
  readonly sources: readonly (string | null)[];
  readonly names?: readonly string[];
  readonly mappings: string;
}

/** Tables of the files that lie one behind another in a script: from line `line` (from 0) on `table` holds. */
export interface SectionedTable {
  readonly sections: readonly { readonly line: number; readonly table: PositionTable }[];
}

export interface LuaPosition {
  readonly chunk: string;
  /** The chunk name as `load` takes it: `@file`, `=name` or the text. */
  readonly source: string;
  readonly line: number;
  /** How the call at this position names its callee; undefined where no call stands. */
  readonly callee: string | undefined;
}

/** Tables of code made at run time are dropped, oldest first, beyond this number; their frames then have no line. */
const MAX_LOADED = 4096;

/** Of a file that is compiled again and again (`watch`) the last versions are kept: requests may still run in them. */
const VERSIONS_OF_A_FILE = 4;

const tables = new Map<string, (() => PositionTable | SectionedTable) | readonly Section[]>();

/** A part of a script; its table is decoded when an error asks. */
interface Section {
  readonly line: number;
  readonly table: PositionTable;
  decoded: DecodedTable | undefined;
}

/** Script names by what they are versions of, oldest first. */
const versions = new Map<string, string[]>();

/** What `load` was given as chunk name, by script name. */
const loadedSources = new Map<string, string>();

/**
 * `scriptName` is what V8 calls the script: the file URL of a module, or the file name given to `node:vm`. The table is
 * not made before an error needs it. `file`: whose latest version this is, for a compiled file of the program.
 */
export function registerPositions(
  scriptName: string,
  table: () => PositionTable | SectionedTable,
  file = scriptName,
): void {
  tables.set(scriptName, table);
  const known = versions.get(file) ?? [];
  versions.set(file, known);
  if (!known.includes(scriptName)) known.push(scriptName);
  if (known.length > VERSIONS_OF_A_FILE) tables.delete(known.shift() ?? '');
}

/** The same for code made by `load`; `source` is the chunk name it was given. */
export function registerLoadedPositions(scriptName: string, table: () => PositionTable, source: string): void {
  tables.set(scriptName, table);
  loadedSources.set(scriptName, source);
  if (loadedSources.size <= MAX_LOADED) return;
  const oldest = loadedSources.keys().next();
  if (oldest.done === true) return;
  loadedSources.delete(oldest.value);
  tables.delete(oldest.value);
}

/** Where a function was compiled from. */
export interface ChunkSource {
  /** As messages show it. */
  readonly name: string;
  /** The chunk name as `load` takes it: `@file`, `=name` or the text. */
  readonly source: string;
}

/** The chunk behind the tag of an emitted function; undefined if its table is not registered (any more). */
export function chunkOfTag(tag: string): ChunkSource | undefined {
  for (const scriptName of [...tables.keys()].reverse()) {
    const name = sectionsOf(scriptName)
      .flatMap(({ table }) => table.sources)
      .find((source) => source !== null && chunkTag(source) === tag);
    if (name !== undefined && name !== null) return { name, source: loadedSources.get(scriptName) ?? `@${name}` };
  }
  return undefined;
}

/** Both 1-based, as V8's call sites give them. Undefined outside Lua code. */
export function luaPosition(scriptName: string, line: number, column: number): LuaPosition | undefined {
  const section = sectionsOf(scriptName).findLast((each) => each.line < line);
  if (section === undefined) return undefined;
  const decoded = decodedTable(section);
  const segment = findSegment(decoded, line - 1 - section.line, column - 1);
  if (segment === undefined) return undefined;
  const chunk = decoded.sources[segment[SOURCE]];
  if (chunk === undefined || chunk === null) return undefined;
  const name = decoded.names[segment[NAME]];
  const source = loadedSources.get(scriptName) ?? `@${chunk}`;
  return { chunk, source, line: segment[LINE] + 1, callee: name !== undefined && CALLEE.test(name) ? name : undefined };
}

/** Bundlers add names of their own, of variables they rename. */
const CALLEE = /^(?:(?:global|local|method|field|upvalue) .*|\?)!?$/s;

/** `[generated column, source, source line, source column, name]`; -1 where a segment says nothing. */
type Segment = readonly [column: number, source: number, line: number, sourceColumn: number, name: number];
const COLUMN = 0;
const SOURCE = 1;
const LINE = 2;
const NAME = 4;

interface DecodedTable {
  readonly sources: readonly (string | null)[];
  readonly names: readonly string[];
  readonly lines: readonly (readonly Segment[])[];
}

function sectionsOf(scriptName: string): readonly Section[] {
  const entry = tables.get(scriptName);
  if (typeof entry !== 'function') return entry ?? [];
  const table = entry();
  const sections = ('sections' in table ? table.sections : [{ line: 0, table }]).map((each) => ({
    ...each,
    decoded: undefined,
  }));
  tables.set(scriptName, sections);
  return sections;
}

function decodedTable(section: Section): DecodedTable {
  const { sources, names = [], mappings } = section.table;
  section.decoded ??= { sources, names, lines: decodeMappings(mappings) };
  return section.decoded;
}

/** The last segment at or before the column; a line without one continues the line before. */
function findSegment(table: DecodedTable, line: number, column: number): Segment | undefined {
  const here = lastAtOrBefore(table.lines[line] ?? [], column);
  for (let above = line - 1; here === undefined && above >= 0; above--) {
    const segment = table.lines[above]?.at(-1);
    if (segment !== undefined) return segment;
  }
  return here;
}

function lastAtOrBefore(segments: readonly Segment[], column: number): Segment | undefined {
  let low = 0;
  let high = segments.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (segments[middle]![COLUMN] <= column) low = middle + 1;
    else high = middle;
  }
  return segments[low - 1];
}

function decodeMappings(mappings: string): Segment[][] {
  // Source, line, source column and name run on over the whole map; the generated column starts anew on each line.
  const state: [number, number, number, number, number] = [0, 0, 0, 0, 0];
  return mappings.split(';').map((line) => {
    state[COLUMN] = 0;
    return line === '' ? [] : line.split(',').map((text) => decodeSegment(text, state));
  });
}

function decodeSegment(text: string, state: [number, number, number, number, number]): Segment {
  const deltas = decodeNumbers(text);
  deltas.forEach((delta, field) => {
    state[field]! += delta;
  });
  const [column, source, line, sourceColumn, name] = state;
  return deltas.length < 4
    ? [column, -1, -1, -1, -1]
    : [column, source, line, sourceColumn, deltas[4] === undefined ? -1 : name];
}

const BASE64 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
const DIGIT_OF = new Map([...BASE64].map((character, digit) => [character, digit]));

/** Base64 VLQ: five bits a digit, lowest first, sign in the lowest bit of the number. */
function decodeNumbers(text: string): number[] {
  const numbers: number[] = [];
  let value = 0;
  let shift = 0;
  for (const character of text) {
    const digit = DIGIT_OF.get(character) ?? 0;
    value += (digit & 31) * 2 ** shift;
    shift += 5;
    if (digit >= 32) continue;
    numbers.push(value % 2 === 1 ? -(value - 1) / 2 : value / 2);
    value = 0;
    shift = 0;
  }
  return numbers;
}

/** What the name of a JS function says about it. */
export type FrameName =
  | ({ readonly kind: 'lua' } & EmittedFunction)
  | { readonly kind: 'builtin'; readonly name: string }
  | { readonly kind: 'border'; readonly border: Border };

/** `base`: a script or coroutine begins here; `handler`: the message handler of `xpcall` does. */
export type Border = 'base' | 'handler';

const BUILTIN_PREFIX = 'lua:';
const BORDER_PREFIX = 'lua#';

/** undefined for JS functions that are no part of Lua's stack. */
export function readFrameName(jsName: string): FrameName | undefined {
  if (jsName.startsWith(BUILTIN_PREFIX)) return { kind: 'builtin', name: jsName.slice(BUILTIN_PREFIX.length) };
  if (jsName.startsWith(BORDER_PREFIX)) return { kind: 'border', border: jsName === 'lua#base' ? 'base' : 'handler' };
  const emitted = readEmittedName(jsName);
  return emitted === undefined ? undefined : { kind: 'lua', ...emitted };
}

/** Marks a library or host function (generator functions too), so that its frames count as Lua's `[C]` frames. */
export function nameBuiltin<F extends (...args: never[]) => unknown>(fn: F, name: string): F {
  return Object.defineProperty(fn, 'name', { value: BUILTIN_PREFIX + name, configurable: true });
}

/** Marks the function through which the engine enters Lua code: tracebacks and levels end at its frame. */
export function nameBorder<F extends (...args: never[]) => unknown>(fn: F, border: Border): F {
  return Object.defineProperty(fn, 'name', { value: BORDER_PREFIX + border, configurable: true });
}
