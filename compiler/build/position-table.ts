/**
 * The position table of an artifact: esbuild's final source map reduced to what error messages need, i.e. for places in
 * compiled Lua the file and line. It is itself a source map (version 3), so the runtime decodes both with one reader.
 */

/** Field layout of one segment: generated column, source, line, column (the last three 0-based, relative in the text). */
interface Segment {
  readonly generatedColumn: number;
  readonly source: number;
  readonly line: number;
}

/** What this folder reads of a source map of version 3. */
export interface SourceMap {
  readonly version: 3;
  readonly sources: readonly string[];
  readonly sourcesContent?: readonly (string | null)[];
  readonly names: readonly string[];
  readonly mappings: string;
}

/**
 * `map` reduced to the segments of Lua sources: `luaNames[i]` is the Lua name of source `i`, undefined for any other
 * source. Columns of the Lua side are dropped, runs within one line become one segment.
 */
export function keepLuaPositions(map: SourceMap, luaNames: readonly (string | undefined)[]): SourceMap {
  const sources = luaNames.filter((name) => name !== undefined);
  const kept = luaNames.map((name) => (name === undefined ? -1 : sources.indexOf(name)));
  const lines = decodeMappings(map.mappings).map((segments) => reduceLine(segments, kept));
  while (lines.at(-1)?.length === 0) lines.pop();
  return { version: 3, sources, names: [], mappings: encodeMappings(lines) };
}

function reduceLine(segments: readonly Segment[], kept: readonly number[]): readonly Segment[] {
  const result: Segment[] = [];
  for (const { generatedColumn, source, line } of segments) {
    const lua = kept[source] ?? -1;
    const last = result.at(-1);
    if (lua < 0 || (last !== undefined && last.source === lua && last.line === line)) continue;
    result.push({ generatedColumn, source: lua, line });
  }
  return result;
}

const BASE64 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
const DIGITS = new Map([...BASE64].map((character, value) => [character, value]));

/** The lines of a `mappings` text; segments that name no source are left out. */
function decodeMappings(mappings: string): readonly (readonly Segment[])[] {
  let source = 0;
  let line = 0;
  return mappings.split(';').map((text) => {
    let generatedColumn = 0;
    const segments: Segment[] = [];
    for (const field of text === '' ? [] : text.split(',')) {
      const [columnDelta = 0, sourceDelta, lineDelta = 0] = decodeVlq(field);
      generatedColumn += columnDelta;
      if (sourceDelta === undefined) continue;
      source += sourceDelta;
      line += lineDelta;
      segments.push({ generatedColumn, source, line });
    }
    return segments;
  });
}

/** Numbers of one segment: base64 digits of 5 bits, least significant first, the lowest bit is the sign. */
function decodeVlq(text: string): readonly number[] {
  const numbers: number[] = [];
  let value = 0;
  let shift = 0;
  for (const character of text) {
    const digit = DIGITS.get(character) ?? 0;
    value |= (digit & 31) << shift;
    shift += 5;
    if ((digit & 32) !== 0) continue;
    numbers.push((value & 1) === 1 ? -(value >>> 1) : value >>> 1);
    value = 0;
    shift = 0;
  }
  return numbers;
}

function encodeMappings(lines: readonly (readonly Segment[])[]): string {
  let source = 0;
  let line = 0;
  return lines
    .map((segments) => {
      let column = 0;
      return segments
        .map((segment) => {
          const deltas = [segment.generatedColumn - column, segment.source - source, segment.line - line, 0];
          column = segment.generatedColumn;
          source = segment.source;
          line = segment.line;
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
