/**
 * How an artifact is laid out. Line 1 is the launcher and opens a comment that takes the rest of the file: first the
 * program as plain text, then parts that are only unpacked when somebody needs them (libraries, programs of workers).
 *
 * ```
 * launcher code /*
 * program, its lines as the source map says
 * parts, deflated and in base64
 * end of the comment
 * ```
 */
import { deflateRawSync } from 'node:zlib';

/** Names inside the program for what the launcher hands to it. */
export const INSIDE = { require: 'require', url: 'nauthilusUrl', parts: 'nauthilusParts' } as const;

/** Byte ranges, counted from the second line on. */
export interface Layout {
  readonly program: readonly [start: number, end: number];
  readonly parts: readonly (readonly [name: string, start: number, end: number])[];
  /** Stands for the end of a comment inside the program. */
  readonly hiddenEnd: string;
  /** Lines around the program; there is one before it, so that lines have the same numbers in the file and in what runs. */
  readonly before: string;
  readonly after: readonly string[];
}

export interface Contents {
  readonly program: string;
  /** Texts by name. */
  readonly parts: ReadonlyMap<string, string>;
  /** Name of the source map's file. */
  readonly mapName: string;
}

/** No text from esbuild contains it: it writes control characters as escapes. */
const HIDDEN_END = '*\u0002/';

/** The text of an artifact; `launcher` makes the first line, one that calls `launch` with the layout. */
export async function artifactText(
  { program, parts, mapName }: Contents,
  launcher: (layout: Layout) => Promise<string>,
): Promise<string> {
  const hidden = `${toAscii(program).replaceAll('*/', HIDDEN_END)}\n`;
  const packed = [...parts].map(([name, text]) => [name, deflateRawSync(text).toString('base64')] as const);
  let end = hidden.length;
  const layout: Layout = {
    program: [0, end],
    parts: packed.map(([name, { length }]) => {
      end += length + 1;
      return [name, end - length - 1, end - 1];
    }),
    hiddenEnd: HIDDEN_END,
    // Strict as the ES modules that it was made of.
    before: `(function (${Object.values(INSIDE).join(', ')}) { 'use strict';`,
    after: ['})', `//# sourceMappingURL=${mapName}`],
  };
  const first = (await launcher(layout)).trim();
  if (first.includes('\n')) throw new Error('the launcher of the artifact takes more than one line');
  return `${first}/*\n${hidden}${packed.map(([, text]) => `${text}\n`).join('')}*/\n`;
}

/**
 * So that characters are bytes, which V8 also reads faster. esbuild escapes what stands in strings; what it leaves stands in
 * regular expressions, where this says the same, and in comments.
 */
function toAscii(text: string): string {
  return text.replace(/[\u0080-\uffff]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
}
