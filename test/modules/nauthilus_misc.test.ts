import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { LuaValue } from '../../runtime/engine/api.ts';
import misc from '../../runtime/modules/nauthilus_misc.ts';
import type { OpenedServices } from '../../runtime/services/index.ts';
import { Script, services } from './script.ts';

let opened: OpenedServices;
before(async () => {
  opened = await services();
});
after(() => opened.close());

async function call(name: string, ...args: LuaValue[]): Promise<readonly LuaValue[]> {
  const script = new Script(opened, [misc]);
  return script.call(await script.require('nauthilus_misc'), name, ...args);
}

const COUNTRIES: readonly [string, string][] = [
  ['DE', 'Germany'],
  ['deu', 'Germany'],
  [' d-e ', 'Germany'],
  ['DE (old)', 'Germany'],
  ['germany', 'Germany'],
  ['UK', 'United Kingdom'],
  ['MMS', 'Maritime Mobile service'],
  ['XX', 'None'],
  ['ZZ', 'Unknown'],
  ['', 'Unknown'],
  ['12', 'Unknown'],
  ['__proto__', 'Unknown'],
];
for (const [code, name] of COUNTRIES) {
  test(`the country of '${code}' is ${name}`, async () => {
    assert.deepEqual(await call('get_country_name', code), [name]);
  });
}

test('wait_random waits at least the minimum and less than the maximum', async () => {
  const started = performance.now();
  const [waited] = await call('wait_random', 20, '30');
  assert.ok(typeof waited === 'number' && waited >= 20 && waited < 30 && Number.isInteger(waited));
  assert.ok(performance.now() - started >= 19);
});

test('wait_random gives nil at once for an empty or negative range', async () => {
  for (const [min, max] of [
    [5, 5],
    [10, 5],
    [-5, 10],
    [1.2, 1.9],
    [Number.NaN, 5],
  ] as const) {
    assert.deepEqual(await call('wait_random', min, max), [undefined]);
  }
});

test('two scripts wait at the same time', async () => {
  const started = performance.now();
  await Promise.all(Array.from({ length: 20 }, () => call('wait_random', 50, 51)));
  assert.ok(performance.now() - started < 500);
});

test('a wait that outlasts the deadline of the script leaves no timer behind', async () => {
  const script = new Script(opened, [misc], { deadlineMs: 40 });
  const module = await script.require('nauthilus_misc');
  await assert.rejects(script.call(module, 'wait_random', 600_000, 600_001), /deadline exceeded/);
  await new Promise((resolve) => setTimeout(resolve, 10));
  assert.deepEqual(
    process.getActiveResourcesInfo().filter((kind) => kind === 'Timeout'),
    [],
  );
});
