/** Compiling again after changes: what is told to have changed is read, and nothing is ever older than what is told. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { loadProject, type Project } from '../../compiler/cli/project.ts';
import { Recompiler } from '../../compiler/cli/recompiler.ts';
import { describeModules } from '../../runtime/index.ts';

const write = (name: string, text: string): void => writeFileSync(join(folder, name), text);
const manifest = describeModules();

let folder: string;
let project: Project;
before(() => {
  folder = mkdtempSync(join(tmpdir(), 'recompiler-'));
  write(
    'nauthilus.yml',
    'server: { backends: [lua] }\nlua: { config: { backend_script_path: a.lua, package_path: ./?.lua } }\n',
  );
  write('a.lua', 'return require("m")');
  write('m.lua', 'return "m1"');
  const loaded = loadProject(join(folder, 'nauthilus.yml'), {}).project;
  assert.ok(loaded);
  project = loaded;
});
after(() => rmSync(folder, { recursive: true }));

/** The text of a file in the program that a recompiler has made. */
function textIn(compiled: ReturnType<Recompiler['compile']>, name: string): string | undefined {
  const file = compiled.files.sources.find((source) => source.name.endsWith(name));
  const code = compiled.compiled.find((each) => each.name === file?.name)?.code ?? '';
  assert.ok(
    file === undefined || code.includes(/"(\w+)"/.exec(file.source)?.[1] ?? ''),
    'the code is that of the text',
  );
  return file?.source;
}

test('a changed file is read again, by whichever of its paths it is told; the others are not', () => {
  const recompiler = new Recompiler(manifest);
  recompiler.compile(project);
  recompiler.compile(project, [join(folder, 'a.lua')]);
  write('m.lua', 'return "m2"');
  assert.equal(textIn(recompiler.compile(project, [join(folder, 'a.lua')]), 'm.lua'), 'return "m1"');
  assert.equal(textIn(recompiler.compile(project, [join(folder, 'm.lua')]), 'm.lua'), 'return "m2"');
  write('m.lua', 'return "m3"');
  assert.equal(textIn(recompiler.compile(project), 'm.lua'), 'return "m3"', 'nothing told: everything is read');
});

test('a module that was no part of the program for a while comes back as it is now', () => {
  const recompiler = new Recompiler(manifest);
  for (let round = 0; round < 3; round++) recompiler.compile(project, []);
  write('a.lua', 'return "alone"');
  assert.equal(textIn(recompiler.compile(project, [join(folder, 'a.lua')]), 'm.lua'), undefined);
  write('m.lua', 'return "m4"');
  write('a.lua', 'return require("m")');
  assert.equal(textIn(recompiler.compile(project, [join(folder, 'a.lua')]), 'm.lua'), 'return "m4"');
});

test('a program loses a file that is gone', () => {
  const recompiler = new Recompiler(manifest);
  for (let round = 0; round < 3; round++) recompiler.compile(project, []);
  rmSync(join(folder, 'm.lua'));
  const compiled = recompiler.compile(project, [join(folder, 'm.lua')]);
  assert.equal(textIn(compiled, 'm.lua'), undefined);
  assert.deepEqual(
    compiled.diagnostics.map(({ code }) => code),
    ['module-missing'],
  );
});
