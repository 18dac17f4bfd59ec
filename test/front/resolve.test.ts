import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Local } from '../../compiler/front/resolve.ts';
import { fileOf } from './sources.ts';

/** All facts about the locals as short words: `x captured fresh-per-pass many =1`. */
function locals(source: string): string[] {
  return fileOf(source)
    .resolution.locals.filter(({ declaredAs, reads }) => declaredAs !== 'arg' || reads > 0)
    .map(factsOf);
}

function factsOf(local: Local): string {
  const words = [local.name];
  if (local.captured) words.push('captured');
  if (local.capturedInLoop) words.push('fresh-per-pass');
  if (local.writes === 'many') words.push('many');
  if (local.constant !== undefined) words.push(`=${local.constant.value}`);
  return words.join(' ');
}

test('a local is constant when a literal is all it ever holds', () => {
  assert.deepEqual(locals('local a, b, c = 1, "x" local d = -2 local e = 1 e = 2 local f = g()'), [
    'a =1',
    'b =x',
    'c =undefined',
    'd =-2',
    'e many',
    'f',
  ]);
  assert.deepEqual(locals('local a, b = f()'), ['a', 'b']);
});

test('captured variables of loop bodies are fresh in every pass, others are not', () => {
  assert.deepEqual(locals('local a for i = 1, 3 do local j = i f(function() return a + i + j end) end'), [
    'a captured =undefined',
    'i captured fresh-per-pass',
    'j captured fresh-per-pass',
  ]);
  assert.deepEqual(locals('repeat local x = f() until g(function() return x end)'), ['x captured fresh-per-pass']);
  assert.deepEqual(locals('while a do f(function() local x = 1 return x end) end'), ['x =1']);
});

test('a goto backwards makes a loop', () => {
  assert.deepEqual(locals('local k ::top:: local j = k f(function() return j end) if j then goto top end local z'), [
    'k =undefined',
    'j captured fresh-per-pass',
    'z =undefined',
  ]);
});

test('an initialiser sees the variable of the same name outside', () => {
  const { resolution } = fileOf('local x = 1 local x = x return x');
  const ids = [...resolution.bindingOf.values()];
  assert.deepEqual(ids, [0, 1]);
});

test('a function initialiser that names its own variable reads the global, or the local where that is nil', () => {
  const alone = fileOf('local f = function() return f, g end').resolution;
  assert.deepEqual([...alone.bindingOf.values()], ['global', 'global']);
  assert.deepEqual([...alone.localWhenGlobalIsNil.values()], [0]);
  assert.equal(alone.locals[0]?.captured, true);
  const outer = fileOf('local f local f = function() return f end').resolution;
  assert.deepEqual([...outer.bindingOf.values()], [0]);
  assert.equal(outer.localWhenGlobalIsNil.size, 0);
});

test('arg is a local of vararg functions, with a table only where ... is not mentioned', () => {
  const facts = (source: string) => {
    const { functions, locals: all } = fileOf(source).resolution;
    const [inner] = [...functions].filter(([node]) => node.kind === 'Function').at(-1) ?? [];
    const fact = inner === undefined ? undefined : functions.get(inner);
    return [
      fact?.usesVarargs,
      fact?.legacyArg === undefined ? 'none' : all[fact.legacyArg]?.name,
      fact?.legacyArgIsNil,
    ];
  };
  assert.deepEqual(facts('function f(...) return arg end'), [false, 'arg', false]);
  assert.deepEqual(facts('function f(...) local x = ... return arg end'), [true, 'arg', true]);
  assert.deepEqual(facts('function f(...) return 1 end'), [false, 'none', false]);
  assert.deepEqual(facts('function f(x) return arg end'), [false, 'none', false]);
});

test('every function between a use and the owner holds the local as upvalue', () => {
  const { functions } = fileOf('local a, b function f() return function() return b, a end end').resolution;
  const upvalues = [...functions].filter(([node]) => node.kind === 'Function').map(([, fact]) => fact.upvalues);
  assert.deepEqual(upvalues, [
    [1, 0],
    [1, 0],
  ]);
});

test('gotos find the innermost label of their name', () => {
  const { labelOf, labels } = fileOf('::a:: do goto a ::a:: end goto a').resolution;
  const targets = [...labelOf].sort(([one], [other]) => one.at - other.at).map(([, label]) => label.at);
  assert.deepEqual(targets, [16, 0]);
  assert.deepEqual([...labels].map(([label, facts]) => [label.at, facts.hasBackwardGoto]).sort(), [
    [0, true],
    [16, false],
  ]);
});
