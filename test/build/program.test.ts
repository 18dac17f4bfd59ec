import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type LuaFiles, readProgram } from '../../compiler/build/program.ts';
import type { HostManifest } from '../../runtime/contract/host.ts';
import type { ConfiguredScript } from '../../runtime/contract/scripts.ts';

const MANIFEST: HostManifest = {
  globals: [],
  modules: [
    { loader: 'nauthilus_gll_json', requires: ['json'], classes: ['filter'], functions: [], userdata: [], doc: '' },
  ],
};

const PATH = './?.lua;lib/?.lua;lib/?/init.lua';

function disk(files: Readonly<Record<string, string>>): LuaFiles {
  return {
    read: (path) => files[path],
    list: (folder) => Object.keys(files).filter((name) => name.startsWith(`${folder}/`)),
  };
}

function read(files: Readonly<Record<string, string>>, ...paths: string[]) {
  const scripts = paths.map((path): ConfiguredScript => ({ scriptClass: 'filter', name: path, path }));
  return readProgram({ scripts, packagePath: PATH }, MANIFEST, disk(files));
}

test('required modules are found along the path, with dots as folders, and their requires too', () => {
  const program = read(
    { 'f.lua': 'require("a.b")', 'lib/a/b.lua': 'require "c"', 'lib/c/init.lua': 'return 1', 'lib/d.lua': '' },
    'f.lua',
  );
  assert.deepEqual(program.scripts, [['f.lua', 'f.lua']]);
  assert.deepEqual(program.modules, [
    ['lib/a/b.lua', 'lib/a/b.lua'],
    ['lib/c/init.lua', 'lib/c/init.lua'],
  ]);
  assert.deepEqual(
    program.sources.map(({ name }) => name),
    ['f.lua', 'lib/a/b.lua', 'lib/c/init.lua'],
  );
  assert.deepEqual(program.diagnostics, []);
});

test('the first place of the path wins, and the places before it are known as absent', () => {
  const program = read({ 'f.lua': 'require("m")', 'lib/m.lua': '', 'lib/m/init.lua': '' }, 'f.lua');
  assert.deepEqual(program.modules, [['lib/m.lua', 'lib/m.lua']]);
  assert.deepEqual(program.absent, ['./m.lua']);
});

test('a script that two roles share is read once', () => {
  const program = read({ 'f.lua': '' }, 'f.lua', 'f.lua');
  assert.equal(program.sources.length, 1);
});

test('host modules and Lua libraries need no file; an unknown module is a warning with its place', () => {
  const program = read({ 'f.lua': 'require("json")\nrequire("string")\nlocal x = require("jsno")' }, 'f.lua');
  assert.deepEqual(program.diagnostics, [
    {
      code: 'module-missing',
      severity: 'warning',
      message: "module 'jsno' is neither a host module nor found in package.path",
      hint: "did you mean 'json'?",
      place: { file: 'f.lua', line: 3, column: 11 },
    },
  ]);
});

test('a missing script is an error', () => {
  const [diagnostic] = read({}, 'gone.lua').diagnostics;
  assert.equal(diagnostic?.severity, 'error');
  assert.match(diagnostic?.message ?? '', /'gone\.lua'/);
});

test('a computed module name brings in every module of the folders, but not of the working directory', () => {
  const program = read(
    { 'f.lua': 'for _, n in ipairs(names) do require(n) end', 'lib/a.lua': '', 'lib/deep/b.lua': '', 'x.lua': '' },
    'f.lua',
  );
  assert.deepEqual(
    program.modules.map(([path]) => path),
    ['lib/a.lua', 'lib/deep/b.lua'],
  );
});

test('files with syntax errors stay part of the program, for the compiler to report', () => {
  const program = read({ 'f.lua': 'x =', 'g.lua': 'y =' }, 'f.lua', 'g.lua');
  assert.deepEqual(
    program.sources.map(({ name }) => name),
    ['f.lua', 'g.lua'],
  );
});

test('modules that require each other are read once', () => {
  const program = read({ 'f.lua': 'require("a")', 'lib/a.lua': 'require("b")', 'lib/b.lua': 'require("a")' }, 'f.lua');
  assert.equal(program.sources.length, 3);
});
