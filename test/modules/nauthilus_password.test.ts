import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { type LuaValue, tableFromEntries } from '../../runtime/engine/api.ts';
import password from '../../runtime/modules/nauthilus_password.ts';
import type { OpenedServices } from '../../runtime/services/index.ts';
import { Script, services } from './script.ts';

let opened: OpenedServices;
before(async () => {
  opened = await services();
});
after(() => opened.close());

async function call(name: string, ...args: LuaValue[]): Promise<readonly LuaValue[]> {
  const script = new Script(opened, [password]);
  return script.call(await script.require('nauthilus_password'), name, ...args);
}

describe('compare_passwords', () => {
  const hash = '{SSHA256}CFsq5JPfiBQ0W3uR5Dnao+9mknEq9a739V+FPkJ6yjABAgMEBQYHCA==';

  test('gives true, or false without an error for another password', async () => {
    assert.deepEqual(await call('compare_passwords', hash, 'correct horse'), [true, undefined]);
    assert.deepEqual(await call('compare_passwords', hash, 'wrong'), [false, undefined]);
  });

  test('says why a hash cannot be checked', async () => {
    const [match, reason] = await call('compare_passwords', '{QWE}123', 'x');
    assert.equal(match, false);
    assert.match(String(reason), /no registered algorithm/);
  });

  test('looks at the number of arguments before their types', async () => {
    for (const args of [[], [hash], [hash, 'x', 'y'], [{}, undefined, 1]] as LuaValue[][]) {
      assert.deepEqual(await call('compare_passwords', ...args), [false, 'wrong number of arguments']);
    }
    await assert.rejects(call('compare_passwords', hash, undefined), /#2 .*string expected, got nil/);
    await assert.rejects(call('compare_passwords', true, 'x'), /#1 .*string expected, got boolean/);
  });
});

describe('check_password_policy', () => {
  const cases: readonly [Record<string, LuaValue>, string, boolean][] = [
    [{}, '', true],
    [{ min_length: 3 }, 'a\xc3\xbc', true],
    [{ min_length: 3 }, 'ab', false],
    [{ min_upper: 1 }, '\xc3\x84', true],
    [{ min_upper: 1 }, '\xc3\xa4', false],
    [{ min_lower: 2 }, 'aB', false],
    [{ min_number: 1 }, '\xd9\xa3', true],
    [{ min_number: 1 }, '\xc2\xbd', false],
    [{ min_special: 1 }, '\xe2\x82\xac', true],
    [{ min_special: 1 }, ' ', false],
    [{ min_dumber: 1 }, 'x', false],
    [{ min_dumber: 5, min_number: 1 }, 'x1', true],
    [{ min_length: '5' }, 'x', true],
    [{ min_length: 1.9 }, 'x', true],
  ];
  for (const [policy, text, expected] of cases) {
    test(`${JSON.stringify(policy)} is ${expected ? 'met' : 'not met'} by ${JSON.stringify(text)}`, async () => {
      assert.deepEqual(await call('check_password_policy', tableFromEntries(Object.entries(policy)), text), [expected]);
    });
  }

  test('needs a table and a string', async () => {
    await assert.rejects(call('check_password_policy', 'x', 'y'), /table expected/);
    await assert.rejects(call('check_password_policy', tableFromEntries([])), /string expected/);
  });
});
