/** A program whose files change, analysed with what is known of the others, and analysed anew: both say the same. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { type Analysis, analyse, type ProgramFile } from '../../compiler/front/suspend/analyse.ts';
import { IncrementalAnalysis } from '../../compiler/front/suspend/incremental.ts';
import { manifest } from './manifest.ts';
import { fileOf } from './sources.ts';

/** Statements in which a digit stands for a global, a field or a module: files meet in them in every way there is. */
const STATEMENTS = [
  'function g0(x) return x end',
  'function g0(x) return g1(x) end',
  'function g0(x) return redis.redis_get("default", x) end',
  'function g0(x, y) coroutine.yield(y) return x end',
  'g0 = g1',
  'g0 = M',
  'g0 = require("m1")',
  'g0 = nil',
  'g0 = { f0 = g1, f1 = function(x) return g2(x) end }',
  'g0 = setmetatable({ f0 = g1 }, { __index = function(t, k) return redis.redis_get("default", k) end })',
  'g0 = setmetatable({}, { __index = g1, __newindex = g2, __call = g3 })',
  'g0 = setmetatable(g1, { __add = function(a, b) return g2(a) end, __tostring = g3 })',
  'g0 = setmetatable({}, M) M.__index = M',
  'function M.f0(x) return x end',
  'function M.f0(x) return redis.redis_get("default", x) end',
  'function M.f0(cb) return cb(g1) end',
  'function M:f0(x) self.f1 = x return self end',
  'M.f0 = require("m1").f2',
  'M.f0 = g1',
  'M[g0] = g1',
  'M[1] = g0',
  'require("m0").f1 = g2',
  'require("m0").f1(function(x) return g2(x) end)',
  'require("m0").f1(M)',
  'require("m0"):f1(g2):f3()',
  'for k, v in pairs(g0) do M[k] = v end',
  'for k in pairs(g0) do M[k] = g1[k] end',
  'for k, v in next, g0 do g1[k] = v end',
  'for i, f in ipairs(g0) do f(i) end',
  'for x in g0 do g1(x) end',
  'pcall(g0, g1)',
  'xpcall(g0, function(e) return g1(e) end)',
  'error(g0)',
  'local ok, e = pcall(g0) if not ok then e.f0() end',
  'table.sort(M, g0)',
  'table.insert(g0, g1)',
  'string.gsub("x", ".", g0)',
  'print(g0)',
  'coroutine.wrap(function() g0() end)()',
  'local co = coroutine.create(g0) coroutine.resume(co, g1)',
  'function M.go() return g0 + g1 end',
  'function M.go() return g0.f1 .. g2 end',
  'function M.go() return g0.f1.f2(g3) end',
  'function M.go() return -g0 < #g1 end',
  'function M.go(x) x.f0 = g1 return x.f2(x) end',
  'local function l(x) return g0(x) end l(g1) M.f2 = l',
  'rawset(_G, "g0", g1)',
  '_G["g" .. 0] = g1',
  'tostring = g0',
  'u0(g1)',
  'u0 = g1',
  'redis.register(g0)',
] as const;

/** Such statements have a program analysed anew, or change what a text means in other files. */
const RARE = [
  'loadstring("return 1")()',
  'setfenv(1, g0)',
  'pairs = g0',
  'module("m9", package.seeall)',
  'require(g0)',
  'require("elsewhere")',
  'g0 = newproxy(true)',
  'debug.getinfo(1).func()',
  'getmetatable("").__index = g0',
] as const;

const digits = fc.array(fc.nat(3), { minLength: 4, maxLength: 4 });
const statement = (texts: readonly string[]) =>
  fc
    .tuple(fc.constantFrom(...texts), digits)
    .map(([text, numbers]) => text.replace(/(?<=\b[gfmu])\d/g, (digit) => String(numbers[Number(digit)])));
const someStatement = fc.oneof(
  { weight: 60, arbitrary: statement(STATEMENTS) },
  { weight: 1, arbitrary: statement(RARE) },
);
const HEAD = 'local M = {} local redis = require("nauthilus_redis")\n';
const source = fc
  .array(someStatement, { minLength: 1, maxLength: 6 })
  .map((statements) => `${HEAD}${statements.join('\n')}\nreturn M\n`);

const NAMES = ['m0', 'm1', 'm2', 'm3', 's0', 's1', 's2', 's3'] as const;
const change = fc.record({ name: fc.constantFrom(...NAMES), text: fc.option(source, { freq: 8 }) });
const history = fc.tuple(
  fc.tuple(...NAMES.map(() => source)),
  fc.array(fc.array(change, { minLength: 1, maxLength: 2 }), { minLength: 1, maxLength: 8 }),
);

function programFile(name: string, text: string): ProgramFile {
  return fileOf(text, `${name}.lua`, name.startsWith('m') ? [name] : []);
}

/** What an analysis says, in the order of the trees. */
function verdicts(files: readonly ProgramFile[], analysis: Analysis): readonly string[] {
  const ofFunctions = files.flatMap(({ chunk, resolution }) =>
    [...new Set([chunk, ...resolution.functions.keys()])].map((node) => {
      const { colour, waits, yields, because } = analysis.functions.get(node) ?? {};
      assert.equal(because?.length === 0, colour === 'plain');
      return `${chunk.name}:${node.at} ${colour} ${waits} ${yields} ${node.kind === 'Function' && analysis.directOnly.has(node)}`;
    }),
  );
  const ofCalls = [...analysis.calls].map(
    ([node, colour]) =>
      `${node.kind} ${node.at} ${colour} ${node.kind === 'GenericFor' || analysis.callees.get(node)?.at}`,
  );
  return [...ofFunctions, ...ofCalls.sort(), `events ${[...analysis.events].sort()}`];
}

function compare(incremental: IncrementalAnalysis, files: readonly ProgramFile[]): void {
  const expected = verdicts(files, analyse(files, manifest));
  assert.deepEqual(verdicts(files, incremental.analyse(files, manifest)), expected);
}

test('after any change of any files the analysis is that of the whole program', () => {
  fc.assert(
    fc.property(history, ([texts, changes]) => {
      const incremental = new IncrementalAnalysis();
      const files = new Map(NAMES.map((name, at) => [name as string, programFile(name, texts[at] ?? '')]));
      compare(incremental, [...files.values()]);
      for (const several of changes) {
        for (const { name, text } of several) {
          if (text === null) files.delete(name);
          else files.set(name, programFile(name, text));
        }
        compare(incremental, [...files.values()]);
      }
    }),
    { numRuns: Number(process.env.INCREMENTAL_RUNS ?? 20) },
  );
});
