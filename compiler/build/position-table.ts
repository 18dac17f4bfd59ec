/**
 * The position table of an artifact: esbuild's final source map reduced to what error messages need, i.e. for places in
 * compiled Lua the file, the line and how a call names its callee. It is itself a source map (version 3), so the runtime
 * decodes both with one reader.
 */

/** What this folder reads of a source map of version 3. */
export interface SourceMap {
  readonly version: 3;
  readonly sources: readonly string[];
  readonly sourcesContent?: readonly (string | null)[];
  readonly names: readonly string[];
  readonly mappings: string;
}

/** One segment: generated column, then source, line and name (0-based numbers; -1 where the segment has none). */
interface Segment {
  readonly column: number;
  readonly source: number;
  readonly line: number;
  readonly name: number;
}

/**
 * `map` reduced to the segments of Lua sources: `luaNames[i]` is the Lua name of source `i`, undefined for any other
 * source. Columns of the Lua side are dropped, runs that say the same become one segment, and the place where other
 * code begins is marked by one segment without a source.
 */
export function keepLuaPositions(map: SourceMap, luaNames: readonly (string | undefined)[]): SourceMap {
  const sources = luaNames.filter((name) => name !== undefined);
  const sourceIndex = luaNames.map((name) => (name === undefined ? -1 : sources.indexOf(name)));
  const names: string[] = [];
  const nameIndex = new Map<number, number>();
  const keptName = (name: number): number => {
    const known = nameIndex.get(name);
    if (known !== undefined || name < 0) return known ?? -1;
    nameIndex.set(name, names.length);
    return names.push(map.names[name] ?? '') - 1;
  };

  let last: Segment = { column: 0, source: -1, line: -1, name: -1 };
  const lines: Segment[][] = [[]];
  readMappings(map.mappings, (generatedLine, column, source, line, name) => {
    const lua = sourceIndex[source] ?? -1;
    // Most of a bundle is not Lua: leave as early as possible.
    if (lua < 0 && last.source < 0) return;
    const segment =
      lua < 0 ? { column, source: -1, line: -1, name: -1 } : { column, source: lua, line, name: keptName(name) };
    if (saysTheSame(segment, last)) return;
    while (lines.length <= generatedLine) lines.push([]);
    lines[generatedLine]?.push(segment);
    last = segment;
  });
  return { version: 3, sources, names, mappings: encodeMappings(lines) };
}

/** A reader continues with the last segment, on later lines too. Calls keep their own segments. */
function saysTheSame(segment: Segment, last: Segment): boolean {
  return segment.source === last.source && segment.line === last.line && segment.name < 0 && last.name < 0;
}

const BASE64 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
const DIGITS = new Uint8Array(128);
for (let value = 0; value < BASE64.length; value++) DIGITS[BASE64.charCodeAt(value)] = value;
const COMMA = ','.charCodeAt(0);
const SEMICOLON = ';'.charCodeAt(0);

type SegmentVisitor = (generatedLine: number, column: number, source: number, line: number, name: number) => void;

/**
 * Calls `visit` for every segment, with -1 for what a segment does not have. The numbers of a segment are base64 digits
 * of 5 bits, least significant first, the lowest bit is the sign; all but the column run on over the whole text. One pass
 * without intermediate values: a bundle has half a million segments.
 */
function readMappings(mappings: string, visit: SegmentVisitor): void {
  let generatedLine = 0;
  // Column, source, line, source column, name.
  const state = [0, 0, 0, 0, 0];
  let field = 0;
  let value = 0;
  let shift = 0;
  for (let at = 0; at <= mappings.length; at++) {
    const code = at < mappings.length ? mappings.charCodeAt(at) : SEMICOLON;
    if (code === COMMA || code === SEMICOLON) {
      if (field === 1) visit(generatedLine, state[0]!, -1, -1, -1);
      else if (field > 1) visit(generatedLine, state[0]!, state[1]!, state[2]!, field > 4 ? state[4]! : -1);
      field = 0;
      if (code === COMMA) continue;
      generatedLine++;
      state[0] = 0;
      continue;
    }
    const digit = DIGITS[code]!;
    value |= (digit & 31) << shift;
    shift += 5;
    if ((digit & 32) !== 0) continue;
    state[field]! += (value & 1) === 1 ? -(value >>> 1) : value >>> 1;
    field++;
    value = 0;
    shift = 0;
  }
}

function encodeMappings(lines: readonly (readonly Segment[])[]): string {
  const state = { source: 0, line: 0, name: 0 };
  return lines
    .map((segments) => {
      let column = 0;
      return segments
        .map((segment) => {
          const deltas = [segment.column - column];
          column = segment.column;
          if (segment.source >= 0) deltas.push(segment.source - state.source, segment.line - state.line, 0);
          if (segment.name >= 0) deltas.push(segment.name - state.name);
          if (segment.source >= 0) Object.assign(state, { source: segment.source, line: segment.line });
          if (segment.name >= 0) state.name = segment.name;
          return deltas.map(encodeVlq).join('');
        })
        .join(',');
    })
    .join(';');
}

function encodeVlq(number: number): string {
  let rest = number < 0 ? (-number << 1) | 1 : number << 1;
  let text = '';
  do {
    const digit = rest & 31;
    rest >>>= 5;
    text += BASE64[rest > 0 ? digit | 32 : digit];
  } while (rest > 0);
  return text;
}
