import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type LuaFiles, type ReadMemory, readProgram } from '../../compiler/build/program.ts';
import { type CompiledFile, compileProgram, newProgramMemory } from '../../compiler/front/index.ts';
import { manifest } from './manifest.ts';

const SET = { scripts: [{ scriptClass: 'filter', name: 'f', path: 'main.lua' }], packagePath: '?.lua' } as const;

/** Compiles a program again after each change; gives the files, and those of a compiler that remembers nothing. */
class Project {
  readonly #texts = new Map<string, string>();
  readonly #files: ReadMemory = new Map();
  readonly #memory = newProgramMemory();

  compile(changes: Readonly<Record<string, string>>): {
    readonly again: readonly CompiledFile[];
    readonly fresh: readonly CompiledFile[];
  } {
    for (const [name, text] of Object.entries(changes)) this.#texts.set(name, text);
    const files: LuaFiles = { read: (path) => this.#texts.get(path), list: () => [] };
    return {
      again: compileProgram(readProgram(SET, manifest, files, this.#files).sources, manifest, {}, this.#memory).files,
      fresh: compileProgram(readProgram(SET, manifest, files).sources, manifest).files,
    };
  }
}

const MAIN = 'local m = require("m")\nlocal n = require("n")\nfunction go(x) local y = m.f(x) return y, n.g(x) end\n';
const PLAIN = 'local M = {}\nfunction M.f(x) return x end\nreturn M\n';
const WAITING =
  'local M = {}\nlocal redis = require("nauthilus_redis")\nfunction M.f(x) local y = redis.redis_get("default", x) return y end\nreturn M\n';
const OTHER = 'return { g = function(x) return x end }\n';

const byName = (files: readonly CompiledFile[], name: string): CompiledFile | undefined =>
  files.find((file) => file.name === name);

test('what has not changed is the same object, and everything is what a new compiler would make', () => {
  const project = new Project();
  const first = project.compile({ 'main.lua': MAIN, 'm.lua': PLAIN, 'n.lua': OTHER });
  assert.deepEqual(first.again, first.fresh);
  const second = project.compile({ 'm.lua': PLAIN.replace('return x', 'return x + 1') });
  assert.deepEqual(second.again, second.fresh);
  for (const name of ['main.lua', 'n.lua']) assert.equal(byName(second.again, name), byName(first.again, name));
  assert.notEqual(byName(second.again, 'm.lua'), byName(first.again, 'm.lua'));
});

test('a module that begins to wait changes the code of those that call it, and back', () => {
  const project = new Project();
  const plain = project.compile({ 'main.lua': MAIN, 'm.lua': PLAIN, 'n.lua': OTHER });
  const waiting = project.compile({ 'm.lua': WAITING });
  assert.deepEqual(waiting.again, waiting.fresh);
  assert.match(byName(waiting.again, 'main.lua')?.code ?? '', /function\*/);
  assert.doesNotMatch(byName(plain.again, 'main.lua')?.code ?? '', /function\*/);
  assert.equal(byName(waiting.again, 'n.lua'), byName(plain.again, 'n.lua'));
  const back = project.compile({ 'm.lua': PLAIN });
  assert.deepEqual(back.again, back.fresh);
  assert.doesNotMatch(byName(back.again, 'main.lua')?.code ?? '', /function\*/);
});

test('a metamethod that waits, functions with environments, and a broken file in between are noticed', () => {
  const project = new Project();
  project.compile({ 'main.lua': MAIN, 'm.lua': PLAIN, 'n.lua': OTHER });
  const changes = [
    {
      'n.lua':
        'setmetatable({}, { __add = function(a) local b = require("nauthilus_redis").redis_get("default", a) return b end })\nreturn { g = function(x) return x + 1 end }\n',
    },
    { 'm.lua': 'local M = {}\nfunction M.f(x) setfenv(1, {}) return x end\nreturn M\n' },
    { 'm.lua': 'local M = {' },
    { 'm.lua': PLAIN, 'n.lua': OTHER },
    { 'main.lua': MAIN.replace('return y, n.g(x)', 'return go(y)') },
  ];
  for (const change of changes) {
    const { again, fresh } = project.compile(change);
    assert.deepEqual(again, fresh, JSON.stringify(change));
  }
});
