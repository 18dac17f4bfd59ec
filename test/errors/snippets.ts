/**
 * Programs that fail, and what Lua 5.1 says of each. The programs of a topic are in `<topic>.lua` below headings `--# name`;
 * `<topic>.expected.txt` has, below the same headings, what Debian's `lua5.1` printed when `record.ts` ran it on them.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

export const FOLDER = fileURLToPath(new URL('.', import.meta.url));

export interface Snippet {
  readonly topic: string;
  readonly name: string;
  /** Bytes as text. */
  readonly source: string;
}

export const topics: readonly string[] = readdirSync(FOLDER)
  .filter((name) => name.endsWith('.lua'))
  .map((name) => name.slice(0, -4))
  .sort();

/** What is below each heading, by heading. */
export function sectionsOf(text: string): ReadonlyMap<string, string> {
  const sections = new Map<string, string>();
  for (const [, name = '', body = ''] of text.matchAll(/^--# (.*)\n((?:(?!--# ).*\n)*)/gm)) {
    if (sections.has(name)) throw new Error(`two sections are called '${name}'`);
    sections.set(name, body);
  }
  return sections;
}

export function snippetsOf(topic: string): readonly Snippet[] {
  const sections = sectionsOf(readFileSync(`${FOLDER}${topic}.lua`, 'latin1'));
  return [...sections].map(([name, source]) => ({ topic, name, source }));
}

export function expectationsOf(topic: string): ReadonlyMap<string, string> {
  return sectionsOf(readFileSync(`${FOLDER}${topic}.expected.txt`, 'latin1'));
}

/** Standard output, then standard error, with the name of the program taken off; ends with a newline. */
export function outcomeText(stdout: string, stderr: string, program: string): string {
  const failure = stderr.startsWith(`${program}: `) ? `lua: ${stderr.slice(program.length + 2)}` : stderr;
  return [stdout, failure].map((part) => (part === '' || part.endsWith('\n') ? part : `${part}\n`)).join('');
}
