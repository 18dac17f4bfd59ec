/** The borders between folders, as docs/architecture.md draws them: read from that page, checked on every import. */
import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../', import.meta.url));
const PAGE = readFileSync(join(ROOT, 'docs/architecture.md'), 'utf8');

/** Rows `| folder | may import | why |` of the table of arrows; folder names stand in backquotes. */
function readArrows(page: string): ReadonlyMap<string, readonly string[]> {
  const arrows = new Map<string, readonly string[]>();
  for (const row of page.matchAll(/^\| `([^`]+)` \| ([^|]*) \| [^|]+ \|$/gm)) {
    arrows.set(
      row[1]!,
      [...row[2]!.matchAll(/`([^`]+)`/g)].map((match) => match[1]!),
    );
  }
  return arrows;
}

function sourceFiles(folder: string): readonly string[] {
  return readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.(ts|mjs)$/.test(name))
    .map((name) => join(folder, name));
}

/** Relative imports of a file, static, dynamic and re-exports, as paths from the root. */
function importsOf(file: string): readonly string[] {
  const text = readFileSync(join(ROOT, file), 'utf8');
  const specifiers = [...text.matchAll(/(?:\bfrom|\bimport)\s*\(?\s*'(\.[^']+)'/g)].map((match) => match[1]!);
  return specifiers.map((specifier) => relative(ROOT, resolve(ROOT, dirname(file), specifier)));
}

const arrows = readArrows(PAGE);

/** The longest row that the file lies in: files right below `runtime/` belong to the row `runtime`. */
function folderOf(file: string): string | undefined {
  let folder = dirname(file);
  while (folder !== '.' && !arrows.has(folder)) folder = dirname(folder);
  return arrows.has(folder) ? folder : undefined;
}

test('the page lists every source folder', () => {
  for (const file of [...sourceFiles('compiler'), ...sourceFiles('runtime')]) {
    assert.notEqual(folderOf(file), undefined, `${file} is in no row of the table`);
  }
  for (const [folder, targets] of arrows) {
    for (const path of [folder, ...targets]) assert.ok(existsSync(join(ROOT, path)), `${path} does not exist`);
  }
});

test('a folder imports only the folders named beside it', () => {
  const broken: string[] = [];
  for (const file of [...sourceFiles('compiler'), ...sourceFiles('runtime')]) {
    const from = folderOf(file);
    for (const target of importsOf(file)) {
      const to = folderOf(target);
      if (from === undefined || to === undefined || from === to) continue;
      if (!arrows.get(from)?.includes(to)) broken.push(`${file} imports ${target}: no arrow from ${from} to ${to}`);
    }
  }
  assert.deepEqual(broken, []);
});

test('the arrows have no cycle, and the runtime never points at the compiler', () => {
  const reached = (folder: string, path: readonly string[]): void => {
    assert.ok(!path.includes(folder), `cycle: ${[...path, folder].join(' -> ')}`);
    for (const next of arrows.get(folder) ?? []) reached(next, [...path, folder]);
  };
  for (const [folder, targets] of arrows) {
    reached(folder, []);
    if (folder.startsWith('runtime'))
      assert.deepEqual(
        targets.filter((target) => target.startsWith('compiler')),
        [],
      );
  }
});

test('every path that the page and the README name exists', () => {
  const text = `${PAGE}\n${readFileSync(join(ROOT, 'README.md'), 'utf8')}`;
  const named = [...text.matchAll(/`((?:compiler|runtime|lua|test|docs|bench)\/[A-Za-z0-9_./-]+)`/g)];
  const missing = named.map((match) => match[1]!).filter((path) => !existsSync(join(ROOT, path)));
  assert.deepEqual([...new Set(missing)], []);
});

test('the example of emitted code on the page is what the compiler emits', () => {
  const [, folder = '', blocks = ''] = /What step 6 makes of this \(from `([^`]+)`([\s\S]*?)\n## /.exec(PAGE) ?? [];
  const [lua = '', js = ''] = [...blocks.matchAll(/```(?:lua|js)\n([\s\S]*?)```/g)].map((match) => match[1]!);
  for (const [block, file] of [
    [lua, 'main.lua'],
    [js, '_expected.txt'],
  ] as const) {
    const there = new Set(
      readFileSync(join(ROOT, folder, file), 'utf8')
        .split('\n')
        .map((line) => line.trim()),
    );
    const lines = block
      .split('\n')
      .map((line) => line.trim())
      .filter((line) => line !== '// …');
    assert.ok(lines.length > 5, `no ${file} block on the page`);
    assert.deepEqual(
      lines.filter((line) => !there.has(line)),
      [],
    );
  }
});
