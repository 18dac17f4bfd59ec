/** Lists in the documentation that follow from the code: what is told there has to be what there is. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import type { Command } from '../compiler/cli/command.ts';
import registeredCommands from '../compiler/cli/commands/index.gen.ts';
import { SCRIPT_CLASSES } from '../runtime/contract/host.ts';
import { STAGES } from '../runtime/pipeline/run.ts';

const ROOT = fileURLToPath(new URL('../', import.meta.url));
const read = (path: string): string => readFileSync(join(ROOT, path), 'utf8');
const commands: readonly Command[] = registeredCommands;

/** What stands in backquotes. */
const quoted = (text: string): string[] => [...text.matchAll(/`([^`]+)`/g)].map((match) => match[1] ?? '');

test('the README has a row for every command', () => {
  const rows = [...read('README.md').matchAll(/^\| `nauthilus ([a-z-]+)[^|]*\|/gm)].map((match) => match[1]);
  assert.deepEqual(rows.toSorted(), commands.map(({ name }) => name).toSorted());
});

test('the README names the commands of the bundle', () => {
  const sentence = /the bundle itself knows ([^:]+):/.exec(read('README.md').replaceAll('\n', ' '))?.[1] ?? '';
  const bundled = commands.filter(({ inArtifact }) => inArtifact).map(({ name }) => name);
  assert.deepEqual(quoted(sentence).toSorted(), bundled.toSorted());
});

test('the recipe for stages lists the stages with order and modes', () => {
  const rows = [...read('docs/development.md').matchAll(/^\| (\d+) \| `([^`]+)` \| ([^|]+) \|$/gm)];
  assert.deepEqual(
    rows.map(([, order, name, modes = '']) => ({ order: Number(order), name, modes: quoted(modes) })),
    STAGES.map(({ order, name, modes }) => ({ order, name, modes: [...modes] })),
  );
});

test('the recipe for modules lists the kinds of arguments and the script classes', async () => {
  const page = read('docs/development.md');
  const [, table = ''] = /\n\| argument \| takes \|\n([\s\S]*?)\n\n/.exec(page) ?? [];
  const listed = table
    .split('\n')
    .flatMap((row) => quoted(row.split('|')[1] ?? '').map((kind) => kind.replace('(a)', '')));
  // Whatever makes an argument description from a name, or from another one.
  const exported: Readonly<Record<string, unknown>> = await import('../runtime/host/signature.ts');
  const kinds = Object.entries(exported).filter(([, make]) => isArgumentKind(make));
  assert.deepEqual(listed.filter((kind) => kind !== '').toSorted(), kinds.map(([name]) => name).toSorted());
  const classes = quoted(/^\| `classes` \|(.*)$/m.exec(page)?.[1] ?? '').filter((each) => !each.includes("'"));
  assert.deepEqual(classes.toSorted(), SCRIPT_CLASSES.toSorted());
});

function isArgumentKind(make: unknown): boolean {
  if (typeof make !== 'function' || make.length !== 1) return false;
  const made: unknown = make({ name: 'a', type: 'any', take: () => undefined });
  return typeof made === 'object' && made !== null && 'take' in made;
}
