/** Sources through the front end up to the analysis, for tests; a syntax error fails the test. */
import { parse } from '../../compiler/front/parser/parse.ts';
import { resolve } from '../../compiler/front/resolve.ts';
import type { ProgramFile } from '../../compiler/front/suspend/analyse.ts';

/** Parses and resolves one file that can be required by the given names. */
export function fileOf(source: string, name = 'main.lua', modules: readonly string[] = []): ProgramFile {
  const parsed = parse(source, { name, isFile: true });
  if (!parsed.ok) throw new Error(`${name}: ${parsed.error.message}`);
  const resolved = resolve(parsed.chunk);
  if (!resolved.ok) throw new Error(`${name}: ${resolved.error.message}`);
  return { chunk: parsed.chunk, resolution: resolved.resolution, modules };
}
