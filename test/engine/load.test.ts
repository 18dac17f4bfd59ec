import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Budget, createEnvironment, runTask } from '../../runtime/engine/api.ts';
import {
  type ChunkCode,
  createLoader,
  instantiateCode,
  SourceError,
  withoutFileHead,
} from '../../runtime/engine/load.ts';
import { standardLibraries } from '../../runtime/engine/stdlib/index.ts';
import { runLua } from '../run-lua.ts';

/** "Compiles" any source to a chunk that returns its length. */
const lengthCode = (source: string, name: string): ChunkCode => ({
  name,
  code: `return { abi: 1, name: ${JSON.stringify(name)}, suspends: false, instantiate: () => () => ${source.length} };`,
  map: '{"version":3,"sources":[],"names":[],"mappings":""}',
});

function run(outcome: ReturnType<ReturnType<typeof createLoader>['file']>): unknown {
  if (outcome instanceof SourceError) return outcome.message;
  const env = createEnvironment(standardLibraries);
  const budget = new Budget({ deadlineMs: 1000, memoryBytes: 2 ** 30 });
  return runTask({ env, budget, host: undefined }, outcome.instantiate(env), []);
}

test('the same source under the same name is compiled once', () => {
  let compiled = 0;
  const loader = createLoader({
    compile: (source, name) => {
      compiled++;
      return lengthCode(source, name);
    },
  });
  for (const [source, name] of [
    ['abc', '=a'],
    ['abc', '=a'],
    ['abc', '=b'],
    ['abcd', '=a'],
  ] as const) {
    assert.deepEqual(run(loader.compile(source, name)), [source.length]);
  }
  assert.equal(compiled, 3);
});

test('a program that loads ever new sources does not keep them all', () => {
  let compiled = 0;
  const loader = createLoader({
    compile: (source, name) => {
      compiled++;
      return lengthCode(source, name);
    },
  });
  for (let at = 0; at < 400; at++) loader.compile(`source ${at}`, '=a');
  loader.compile('source 0', '=a');
  assert.equal(compiled, 401);
});

test('a source error comes back with its message', () => {
  const loader = createLoader({ compile: () => new SourceError("a:1: '=' expected near '<eof>'") });
  assert.equal(run(loader.compile('x', '=a')), "a:1: '=' expected near '<eof>'");
});

test('files are read as bytes, and a missing one is named with its reason', () => {
  const loader = createLoader({
    compile: lengthCode,
    read: (path) => (path === 'there.lua' ? { bytes: '#!shell\nxy' } : { reason: 'No such file or directory' }),
  });
  assert.deepEqual(run(loader.file('there.lua')), ['\nxy'.length]);
  assert.equal(run(loader.file('gone.lua')), 'cannot open gone.lua: No such file or directory');
  assert.equal(loader.module('gone.lua'), undefined);
});

test('modules compiled ahead are found before files', () => {
  const ahead = instantiateCode(lengthCode('ahead', 'm.lua'));
  const loader = createLoader({
    compile: lengthCode,
    modules: new Map([['./m.lua', ahead]]),
    read: () => ({ bytes: 'from disk' }),
  });
  assert.equal(loader.module('./m.lua'), ahead);
  assert.deepEqual(run(loader.module('./n.lua') as never), ['from disk'.length]);
});

test('the first line of a file may be for the shell, and still counts', () => {
  assert.equal(withoutFileHead('#!/usr/bin/lua\nreturn 1'), '\nreturn 1');
  assert.equal(withoutFileHead('\xef\xbb\xbfreturn 1'), 'return 1');
  assert.equal(withoutFileHead('return #x'), 'return #x');
});

test('a chunk compiled for another engine is refused', () => {
  const code = { name: 'old.lua', code: 'return { abi: 0 };', map: '{}' };
  assert.throws(() => instantiateCode(code), /old\.lua was compiled for another version/);
});

test('a program keeps its positions, however much code it loads', async () => {
  const program = `
    for i = 1, 4200 do loadstring('return ' .. i) end
    print(select(2, pcall(function() error('y') end)))`;
  const { stdout, error } = await runLua(program);
  assert.equal(error, undefined);
  assert.equal(stdout, 'case.lua:3: y\n');
});

test('functions know the chunk name that load was given', async () => {
  const { stdout } = await runLua(`
    for _, name in ipairs({ '=name', '@file.lua', 'text' }) do
      local info = debug.getinfo(loadstring('return 1', name))
      print(info.source, info.short_src)
    end
    print(debug.getinfo(1, 'S').source, debug.getinfo(print).source)`);
  assert.equal(stdout, '=name\tname\n@file.lua\tfile.lua\ntext\t[string "text"]\n@case.lua\t=[C]\n');
});
