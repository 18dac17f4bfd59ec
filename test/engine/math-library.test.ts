import assert from 'node:assert/strict';
import test from 'node:test';
import fc from 'fast-check';
import type { LuaValue } from '../../runtime/engine/api.ts';
import { call, errorOf, libraryFunction, newEnvironment, run } from './call-library.ts';

const INF = Number.POSITIVE_INFINITY;

const rows: readonly (readonly [string, readonly LuaValue[], readonly LuaValue[]])[] = [
  ['floor', [-3.5], [-4]],
  ['floor', ['2.5'], [2]],
  ['ceil', [-0.5], [-0]],
  ['abs', [-2], [2]],
  ['fmod', [-5, 3], [-2]],
  ['fmod', [5, -3], [2]],
  ['fmod', [5, 0], [Number.NaN]],
  ['fmod', [1, INF], [1]],
  ['mod', [-5, 3], [-2]],
  ['modf', [-3.7], [-3, -3.7 + 3]],
  ['modf', [5], [5, 0]],
  ['modf', [INF], [INF, 0]],
  ['modf', [-INF], [-INF, -0]],
  ['frexp', [8], [0.5, 4]],
  ['frexp', [-3], [-0.75, 2]],
  ['frexp', [5e-324], [0.5, -1073]],
  ['frexp', [0], [0, 0]],
  ['frexp', [INF], [INF, 0]],
  ['ldexp', [1, 10], [1024]],
  ['ldexp', [1, 1e10], [INF]],
  ['ldexp', [1, -1074], [5e-324]],
  ['ldexp', [1, -1e10], [0]],
  ['log', [8, 2], [Math.log(8)]],
  ['pow', [1, INF], [1]],
  ['pow', [-1, INF], [1]],
  ['pow', [1, Number.NaN], [1]],
  ['pow', [2, 10], [1024]],
  ['max', [1, '10', 2], [10]],
  ['max', [Number.NaN, 1], [Number.NaN]],
  ['max', [1, Number.NaN], [1]],
  ['min', [3, -1, 2], [-1]],
  ['deg', [Math.PI], [180]],
  ['rad', [180], [Math.PI]],
];

test('functions agree with the C library', () => {
  for (const [name, args, results] of rows) assert.deepEqual(call(`math.${name}`, ...args), results, name);
});

test('frexp and ldexp are inverse for every finite number', () => {
  fc.assert(
    fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (n) => {
      const [mantissa, exponent] = call('math.frexp', n);
      assert.ok(n === 0 || (Math.abs(mantissa as number) >= 0.5 && Math.abs(mantissa as number) < 1));
      assert.deepEqual(call('math.ldexp', mantissa, exponent), [n]);
    }),
  );
});

test('random stays in its interval and refuses empty ones', () => {
  run(() => {
    const random = libraryFunction('math.random');
    for (let k = 0; k < 200; k++) {
      const unit = random() as number;
      assert.ok(unit >= 0 && unit < 1);
      assert.ok([1, 2, 3].includes(random(3) as number));
      assert.ok([-2, -1, 0, 1, 2].includes(random(-2, 2) as number));
    }
    assert.equal(random(1.9), 1);
    assert.equal(random(5, 5), 5);
    return undefined;
  });
  assert.equal(errorOf('math.random', 0), "bad argument #1 to '?' (interval is empty)");
  assert.equal(errorOf('math.random', 2, 1), "bad argument #2 to '?' (interval is empty)");
  assert.equal(errorOf('math.random', 1, 2, 3), 'wrong number of arguments');
});

function numbersFrom(seed: number | undefined, env = newEnvironment()): readonly LuaValue[] {
  const random = libraryFunction('math.random');
  return run(
    () => {
      if (seed !== undefined) libraryFunction('math.randomseed')(seed);
      return [1, 2, 3].map(() => random(1e9)).join(' ');
    },
    { env },
  );
}

test('the same seed gives the same numbers, and no other environment notices', () => {
  assert.deepEqual(numbersFrom(42), numbersFrom(42));
  assert.notDeepEqual(numbersFrom(42), numbersFrom(43));
  const env = newEnvironment();
  const expected = [...numbersFrom(7, env), ...numbersFrom(undefined, env)];
  const again = newEnvironment();
  const first = numbersFrom(7, again);
  numbersFrom(99);
  assert.deepEqual([...first, ...numbersFrom(undefined, again)], expected);
  assert.notDeepEqual(numbersFrom(undefined), numbersFrom(undefined));
});

test('missing arguments are told apart from nil', () => {
  assert.equal(errorOf('math.floor'), "bad argument #1 to '?' (number expected, got no value)");
  assert.equal(errorOf('math.floor', undefined), "bad argument #1 to '?' (number expected, got nil)");
  assert.equal(errorOf('math.floor', 'x'), "bad argument #1 to '?' (number expected, got string)");
  assert.equal(errorOf('math.max'), "bad argument #1 to '?' (number expected, got no value)");
  assert.equal(errorOf('math.atan2', 1), "bad argument #2 to '?' (number expected, got no value)");
  assert.equal(errorOf('math.fmod'), "bad argument #2 to '?' (number expected, got no value)");
});
