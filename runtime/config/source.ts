/** The YAML file as a tree of raw values that remember where they stand. */
import { isAlias, isMap, isScalar, isSeq, LineCounter, type Node, type Pair, parseDocument, type Scalar } from 'yaml';
import type { Diagnostic, Place } from '../contract/diagnostic.ts';
import { messages } from './messages.ts';

/** Where a value comes from: a place in the file, or the name of an environment variable. */
export type Origin = Place | string;

export type Raw = RawMap | RawList | RawScalar;

export interface RawMap {
  readonly kind: 'map';
  readonly origin: Origin;
  /** By key as written; a key that is spelled twice in different case is reported by `shape.ts`. */
  readonly entries: Map<string, RawEntry>;
}

export interface RawEntry {
  readonly keyOrigin: Origin;
  readonly value: Raw;
}

export interface RawList {
  readonly kind: 'list';
  readonly origin: Origin;
  readonly items: readonly Raw[];
}

export interface RawScalar {
  readonly kind: 'scalar';
  readonly origin: Origin;
  readonly value: string | number | boolean | null;
  /** The value as it is spelled, for places that want text: `0123` stays what it looks like. */
  readonly spelling: string;
}

/** Parses the text. Without `tree` the text is no YAML; `diagnostics` then says why. */
export function readSource(text: string, file: string): { tree: Raw | undefined; diagnostics: readonly Diagnostic[] } {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const placeOf = (offset: number): Place => {
    const { line, col } = lines.linePos(offset);
    return { file, line: Math.max(1, line), column: Math.max(1, col) };
  };
  const diagnostics = [
    ...document.errors.map((error) => messages.syntax(error.message, placeOf(error.pos[0]))),
    ...document.warnings.map((warning) => messages.syntaxWarning(warning.message, placeOf(warning.pos[0]))),
  ];
  if (document.errors.length > 0) return { tree: undefined, diagnostics };
  const resolve = (node: Node): Node | undefined => (isAlias(node) ? node.resolve(document) : node);
  try {
    const root = document.contents;
    const tree = root === null ? emptyMap(placeOf(0)) : convert(root, { placeOf, resolve, depth: 0 });
    return { tree, diagnostics };
  } catch (error) {
    if (!(error instanceof TooDeep)) throw error;
    return { tree: undefined, diagnostics: [messages.syntax('nested too deeply', placeOf(0))] };
  }
}

export function emptyMap(origin: Origin): RawMap {
  return { kind: 'map', origin, entries: new Map() };
}

/** Deeper than any section; also ends a document whose anchors contain themselves. */
const DEEPEST = 20;

class TooDeep extends Error {}

interface Conversion {
  readonly placeOf: (offset: number) => Place;
  readonly resolve: (node: Node) => Node | undefined;
  readonly depth: number;
}

function convert(node: Node, cx: Conversion): Raw {
  if (cx.depth > DEEPEST) throw new TooDeep();
  const resolved = cx.resolve(node);
  const origin = cx.placeOf(node.range?.[0] ?? 0);
  const inner = { ...cx, depth: cx.depth + 1 };
  if (isMap(resolved)) return { kind: 'map', origin, entries: convertPairs(resolved.items, inner) };
  if (isSeq(resolved)) {
    const items = resolved.items.filter(isNode).map((item) => convert(item, inner));
    return { kind: 'list', origin, items };
  }
  return isScalar(resolved) ? convertScalar(resolved, origin) : nothing(origin);
}

function convertPairs(pairs: readonly Pair[], cx: Conversion): Map<string, RawEntry> {
  const entries = new Map<string, RawEntry>();
  for (const { key, value } of pairs) {
    if (!isScalar(key)) continue;
    const keyOrigin = cx.placeOf(key.range?.[0] ?? 0);
    if (String(key.value) === '<<' && isNode(value)) {
      mergeInto(entries, convert(value, cx));
    } else {
      entries.set(String(key.value), { keyOrigin, value: isNode(value) ? convert(value, cx) : nothing(keyOrigin) });
    }
  }
  return entries;
}

/** Merge keys: what the mapping itself says wins. */
function mergeInto(entries: Map<string, RawEntry>, merged: Raw): void {
  if (merged.kind === 'list') for (const item of merged.items) mergeInto(entries, item);
  if (merged.kind !== 'map') return;
  for (const [key, entry] of merged.entries) if (!entries.has(key)) entries.set(key, entry);
}

function convertScalar(scalar: Scalar, origin: Origin): RawScalar {
  const { value } = scalar;
  const spelling = scalar.source ?? String(value);
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' || value === null) {
    return { kind: 'scalar', origin, value, spelling: typeof value === 'string' ? value : spelling };
  }
  return { kind: 'scalar', origin, value: spelling, spelling };
}

function nothing(origin: Origin): RawScalar {
  return { kind: 'scalar', origin, value: null, spelling: '' };
}

function isNode(value: unknown): value is Node {
  return isAlias(value) || isMap(value) || isSeq(value) || isScalar(value);
}
