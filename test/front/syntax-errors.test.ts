/** Each sample is a broken file, or several cases separated by lines of `---- options`; expected are Lua's messages. */
import { renderLuaMessage } from '../../compiler/front/messages.ts';
import { parse } from '../../compiler/front/parser/parse.ts';
import { resolve } from '../../compiler/front/resolve.ts';
import { runSamples } from '../samples.ts';

/** `strict51` in a separator line refuses what Lua 5.1 refuses. */
const SEPARATOR = /^---- ?(.*)\n/m;

function messageOf(source: string, strict51: boolean): string {
  const parsed = parse(source, { name: 'case.lua', strict51 });
  if (!parsed.ok) return describe(parsed.error);
  const resolved = resolve(parsed.chunk);
  if (!resolved.ok) return describe(resolved.error);
  const warnings = [...parsed.warnings, ...resolved.resolution.warnings];
  return ['ok', ...warnings.map((warning) => `${warning.severity} ${describe(warning)}`)].join('\n');
}

function describe(diagnostic: Parameters<typeof renderLuaMessage>[0]): string {
  const { place, hint } = diagnostic;
  const column = place === undefined ? '' : ` [column ${place.column}]`;
  return `${renderLuaMessage(diagnostic)}${column}${hint === undefined ? '' : `\n  hint: ${hint}`}`;
}

runSamples('syntax-errors', (sample) => {
  const [, ...parts] = sample.read('case.lua').split(SEPARATOR);
  const lines: string[] = [];
  for (let index = 0; index + 1 < parts.length; index += 2) {
    // The line end in front of the next separator is not part of the case.
    const source = (parts[index + 1] ?? '').replace(/\n$/, '');
    lines.push(JSON.stringify(source), messageOf(source, parts[index] === 'strict51'), '');
  }
  return lines.join('\n');
});
