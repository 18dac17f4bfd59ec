import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { FRONT_CODES } from '../../compiler/front/messages.ts';
import { parse } from '../../compiler/front/parser/parse.ts';
import { resolve } from '../../compiler/front/resolve.ts';

const FOLDER = new URL('../samples/syntax-errors/', import.meta.url);

function codesOf(source: string): string[] {
  const parsed = parse(source, { name: 'case.lua' });
  if (!parsed.ok) return [parsed.error.code];
  const resolved = resolve(parsed.chunk);
  if (!resolved.ok) return [resolved.error.code];
  return [...parsed.warnings, ...resolved.resolution.warnings].map(({ code }) => code);
}

test('every code of the catalogue is met by some sample', () => {
  const seen = new Set<string>();
  for (const name of readdirSync(FOLDER)) {
    const text = readFileSync(new URL(`${name}/case.lua`, FOLDER), 'latin1');
    for (const source of text.split(/^----.*\n/m)) for (const code of codesOf(source)) seen.add(code);
  }
  assert.deepEqual([...seen].sort(), [...FRONT_CODES].sort());
});
