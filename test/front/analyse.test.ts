import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Analysis, analyse } from '../../compiler/front/suspend/analyse.ts';
import { explain, functionAtLine } from '../../compiler/front/suspend/explain.ts';
import { worstCase } from '../../compiler/front/suspend/worst-case.ts';
import type { HostModule } from '../../runtime/contract/host.ts';
import { manifest } from './manifest.ts';
import { fileOf } from './sources.ts';

function callsOf(source: string, analysis: Analysis): string[] {
  return [...analysis.calls]
    .sort(([one], [other]) => one.at - other.at || other.end - one.end)
    .map(([node, colour]) => `${source.slice(node.at, node.kind === 'GenericFor' ? node.at + 3 : node.end)} ${colour}`);
}

test('calls are plain, wait themselves, or reach what may wait', () => {
  const source =
    'local get = redis_get\nlocal function f() return coroutine.yield() end\nlocal function g() return f() end\nprint(g)';
  const calls = callsOf(source, analyse([fileOf(source)], manifest));
  assert.deepEqual(calls, ['coroutine.yield() suspends', 'f() maybe', 'print(g) plain']);
});

test('a local function that is only called is never seen as a value', () => {
  const file = fileOf('local function a() end local function b() end a() b() return b');
  const { callees, directOnly } = analyse([file], manifest);
  assert.deepEqual(
    [...callees.values()].map(({ nameHint }) => nameHint),
    ['a', 'b'],
  );
  assert.deepEqual(
    [...directOnly].map(({ nameHint }) => nameHint),
    ['a'],
  );
});

test('a local that is assigned twice has no certain callee', () => {
  const file = fileOf('local function a() end a = print a()');
  assert.equal(analyse([file], manifest).callees.size, 0);
});

test('in code for load every unknown call may suspend, and known ones that call none do not', () => {
  const source = 'local function known(x) return x + 1 end local a = known(1) return helper(a)';
  const open = { events: new Set<string>() };
  const analysis = analyse([fileOf(source)], manifest, { open });
  assert.deepEqual(callsOf(source, analysis), ['known(1) plain', 'helper(a) maybe']);
  const events = analyse([fileOf(source)], manifest, { open: { events: new Set(['__add']) } });
  assert.deepEqual([...events.events], ['__add']);
  assert.deepEqual(callsOf(source, events), ['known(1) maybe', 'helper(a) maybe']);
});

test('functions that call each other for ever are followed once', () => {
  const source =
    'local t = {pcall, select, setmetatable} t.t = t for _, f in pairs(t) do f(f, t, pcall, t.t, unpack(t)) end';
  assert.equal(analyse([fileOf(source)], manifest).functions.size, 1);
});

test('of methods with one name in two modules one that waits is enough', () => {
  const method = (colour: 'callback' | 'io') => ({ name: 'shut', colour, params: [], returns: [], doc: '' });
  const module = (name: string, colour: 'callback' | 'io'): HostModule => ({
    loader: name,
    requires: [name],
    classes: ['filter'],
    doc: '',
    functions: [{ ...method('callback'), name: 'make', returns: [{ name: '', type: 'handle' }] }],
    userdata: [{ name: 'handle', methods: [method(colour)] }],
  });
  const source = "local h = require('a').make() h:shut()";
  const both = { ...manifest, modules: [module('a', 'callback'), module('b', 'io')] };
  assert.ok(callsOf(source, analyse([fileOf(source)], both)).includes('h:shut() suspends'));
});

test('the function of a line is the innermost one', () => {
  const file = fileOf('local function f()\n  return function()\n    return 1\n  end\nend\nx = 1');
  const kinds = [1, 3, 6].map((line) => {
    const node = functionAtLine(file, line);
    return node.kind === 'Chunk' ? 'chunk' : node.line;
  });
  assert.deepEqual(kinds, [1, 2, 'chunk']);
});

test('an explanation leads from the function to what waits', () => {
  const file = fileOf(
    'local redis = require("nauthilus_redis")\nlocal function a() return redis.redis_get("x", "k") end\nfunction b() return a() end',
  );
  const analysis = analyse([file], manifest);
  assert.deepEqual(explain(functionAtLine(file, 3), file, analysis), [
    'main.lua:3: function b may suspend: it can wait for the host',
    '  main.lua:3: calls a',
    '  main.lua:2: redis_get waits for the host',
  ]);
});

test('ten thousand lines are analysed within seconds', () => {
  const unit = (n: number): string =>
    `local M${n} = {}\nM${n}.__index = M${n}\nfunction M${n}.new(x) return setmetatable({x = x}, M${n}) end\n` +
    `function M${n}:get(k) return self.x[k] or print(k) end\nfunction global${n}(a) return M${n}.new(a):get("x") end\n`;
  const source = Array.from({ length: 180 }, (_, n) => unit(n)).join('');
  const files = Array.from({ length: 11 }, (_, n) => fileOf(source, `file${n}.lua`));
  const started = performance.now();
  const { functions } = analyse(files, manifest);
  assert.ok([...functions.values()].every(({ colour }) => colour === 'plain'));
  assert.ok(performance.now() - started < 10_000);
});

test('handlers that call their own object are followed to an end', () => {
  const source =
    'local mt = {}\nlocal t = setmetatable({}, mt)\nmt.__call, mt.__tostring = print, t\n' +
    'local function f() return tostring(t) end\nlocal function g() return coroutine.yield() end';
  const { functions } = analyse([fileOf(source)], manifest);
  assert.deepEqual(
    [...functions.values()].map(({ colour }) => colour),
    ['plain', 'plain', 'suspends'],
  );
});

test('a program that is too large to follow suspends wherever it calls or operates', () => {
  const file = fileOf('local function f() for k in pairs(t) do t:m(k) end end');
  const { functions, calls, events } = worstCase([file]);
  assert.deepEqual(
    [...functions.values()].map(({ colour }) => colour),
    ['suspends', 'suspends'],
  );
  assert.deepEqual([...calls.values()], ['maybe', 'maybe', 'maybe']);
  assert.ok(events.has('__index') && events.has('__call'));
});
