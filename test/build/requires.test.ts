import assert from 'node:assert/strict';
import { test } from 'node:test';
import { findRequires } from '../../compiler/build/requires.ts';
import { parse } from '../../compiler/front/parser/parse.ts';

const requires = (source: string) => {
  const { names, dynamic } = findRequires(parse(source, { name: 'test.lua', isFile: true }));
  return { names, dynamic };
};

test('modules named by a literal are found wherever the call stands, each once', () => {
  const source = `
    local a = require("a")
    local function f() return require 'b.c' end
    if a then local t = { require [[d]], x = require("a") } end`;
  assert.deepEqual(requires(source), { names: ['a', 'b.c', 'd'], dynamic: false });
});

test('a require under pcall with a literal is found and not dynamic', () => {
  assert.deepEqual(requires('local ok, m = pcall(require, "optional")'), { names: ['optional'], dynamic: false });
});

for (const source of [
  'local n = "a" require(n)',
  'require("a" .. x)',
  'local load = require load("a")',
  '_G.require("a")',
  'pcall(require, name)',
  'for _, n in ipairs(names) do require(n) end',
]) {
  test(`a computed module name is dynamic: ${source}`, () => {
    assert.deepEqual(requires(source), { names: [], dynamic: true });
  });
}

test('the word in comments and strings means nothing', () => {
  assert.deepEqual(requires('-- require("x")\nlocal s = "require(\'y\')"'), { names: [], dynamic: false });
});

test('a file that does not parse requires nothing: the compiler reports it', () => {
  assert.deepEqual(requires('require("a") local = 1'), { names: [], dynamic: false });
});

test('the place of the first require is known', () => {
  const { places } = findRequires(parse('\n\nrequire("a")\nrequire("a")', { name: 'test.lua', isFile: true }));
  assert.deepEqual(places.get('a'), { line: 3, column: 1 });
});
