/**
 * How an artifact is laid out. Line 1 is the launcher and opens a comment that takes the rest of the file: first the
 * program as plain text, then parts that are only unpacked when somebody needs them (libraries, programs of workers).
 *
 * ```
 * launcher code /*
 * program, its lines as the source map says
 * parts, deflated and in base64
 * V8's code cache in base64
 * end of the comment
 * ```
 */
import { deflateRawSync } from 'node:zlib';
import { CODE_CACHE_OPTION } from './code-cache-option.ts';

/** Names inside the program for what the launcher hands to it. */
export const INSIDE = {
  require: 'require',
  /** URL of the artifact. */
  url: 'nauthilusUrl',
  /** What stacks call the program. */
  script: 'nauthilusScript',
  parts: 'nauthilusParts',
} as const;

/** Byte ranges, counted from the second line on. */
export interface Layout {
  readonly program: readonly [start: number, end: number];
  readonly parts: readonly (readonly [name: string, start: number, end: number])[];
  /** What V8 has made of the program (base64); a V8 of another version or with other flags does without. */
  readonly codeCache: readonly [start: number, end: number] | undefined;
  /** First argument that makes the artifact write such a cache to the file that the second argument names. */
  readonly codeCacheOption: string;
  /** Stands for the end of a comment inside the program. */
  readonly hiddenEnd: string;
  /** Lines around the program; there is one before it, so that lines have the same numbers in the file and in what runs. */
  readonly before: string;
  readonly after: readonly string[];
}

export interface Contents {
  readonly program: string;
  /** What follows in the program: compiled Lua, which is ASCII. */
  readonly chunks: string;
  /** Texts by name. */
  readonly parts: ReadonlyMap<string, string>;
  /** Name of the source map's file. */
  readonly mapName: string;
}

/** No text from esbuild contains it: it writes control characters as escapes. */
const HIDDEN_END = '*\u0002/';

/** Makes the first line of an artifact, one that calls `launch` with the layout. */
export type WriteLauncher = (layout: Layout) => Promise<string>;

/** Gives the text of an artifact, with a code cache or without: what both have in common is made once. */
export function artifactWriter(
  { program, chunks, parts, mapName }: Contents,
  launcher: WriteLauncher,
): (codeCache?: Buffer) => Promise<string> {
  const hidden = `${hideEnds(toAscii(program))}${hideEnds(chunks)}\n`;
  const packed = [...parts].map(([name, text]) => [name, deflateRawSync(text).toString('base64')] as const);
  return (codeCache) => artifactText({ hidden, packed, mapName, cached: codeCache?.toString('base64') }, launcher);
}

interface Packed {
  readonly hidden: string;
  readonly packed: readonly (readonly [name: string, base64: string])[];
  readonly mapName: string;
  readonly cached: string | undefined;
}

async function artifactText({ hidden, packed, mapName, cached }: Packed, launcher: WriteLauncher): Promise<string> {
  let end = hidden.length;
  /** The range of the next line. */
  const range = ({ length }: string): [start: number, end: number] => {
    end += length + 1;
    return [end - length - 1, end - 1];
  };
  const layout: Layout = {
    program: [0, end],
    parts: packed.map(([name, text]) => [name, ...range(text)]),
    codeCache: cached === undefined ? undefined : range(cached),
    codeCacheOption: CODE_CACHE_OPTION,
    hiddenEnd: HIDDEN_END,
    // Strict as the ES modules that it was made of.
    before: `(function (${Object.values(INSIDE).join(', ')}) { 'use strict';`,
    after: ['})', `//# sourceMappingURL=${mapName}`],
  };
  const first = (await launcher(layout)).trim();
  if (first.includes('\n')) throw new Error('the launcher of the artifact takes more than one line');
  const lines = [...packed.map(([, text]) => text), ...(cached === undefined ? [] : [cached])];
  return `${first}/*\n${hidden}${lines.map((line) => `${line}\n`).join('')}*/\n`;
}

function hideEnds(text: string): string {
  return text.replaceAll('*/', HIDDEN_END);
}

/**
 * So that characters are bytes, which V8 also reads faster. esbuild escapes what stands in strings; what it leaves stands in
 * regular expressions, where this says the same, and in comments.
 */
export function toAscii(text: string): string {
  return text.replace(/[\u0080-\uffff]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
}
