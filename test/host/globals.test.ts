import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { SCRIPT_CLASSES, type ScriptClass } from '../../runtime/contract/host.ts';
import { LuaTable, type LuaValue, rawGet, rawSet, tableFromEntries } from '../../runtime/engine/api.ts';
import { backendResultOf } from '../../runtime/host/backend-result.ts';
import { describeBuiltin } from '../../runtime/host/builtin.ts';
import type { OpenedServices } from '../../runtime/services/index.ts';
import { Script, services } from '../modules/script.ts';

let opened: OpenedServices;
before(async () => {
  opened = await services();
});
after(() => opened.close());

const scriptOf = (scriptClass: ScriptClass) => new Script(opened, [], { scriptClass });

function tableOf(script: Script, name: string): LuaTable {
  const value = script.global(name);
  assert.ok(value instanceof LuaTable, `${name} is no table`);
  return value;
}

describe('nauthilus_builtin', () => {
  test('exists in features, backends, filters and actions only', () => {
    const having = SCRIPT_CLASSES.filter((each) => scriptOf(each).global('nauthilus_builtin') !== undefined);
    assert.deepEqual(having, ['feature', 'backend', 'filter', 'action']);
  });

  test('has the constants of its class and no others', () => {
    for (const scriptClass of ['feature', 'backend', 'filter', 'action'] as const) {
      const builtin = tableOf(scriptOf(scriptClass), 'nauthilus_builtin');
      for (const [name, value] of Object.entries(describeBuiltin(scriptClass)!.constants)) {
        assert.equal(builtin.$h[name], value, name);
      }
    }
    const feature = tableOf(scriptOf('feature'), 'nauthilus_builtin');
    assert.deepEqual(
      [feature.$h.FEATURE_TRIGGER_YES, feature.$h.FEATURES_ABORT_NO, feature.$h.FILTER_ACCEPT],
      [1, 0, undefined],
    );
  });

  test('a change is seen in its own environment only', () => {
    rawSet(tableOf(scriptOf('filter'), 'nauthilus_builtin'), 'FILTER_REJECT', 0);
    assert.equal(rawGet(tableOf(scriptOf('filter'), 'nauthilus_builtin'), 'FILTER_REJECT'), 1);
  });

  test('custom_log_add collects pairs, other types than scalars are UNSUPPORTED', async () => {
    const script = scriptOf('action');
    const builtin = tableOf(script, 'nauthilus_builtin');
    const values: LuaValue[] = ['text', 1.5, false, undefined, new LuaTable()];
    for (const value of values) assert.deepEqual(await script.call(builtin, 'custom_log_add', 'key', value), []);
    await script.call(builtin, 'custom_log_add', 'alone');
    assert.deepEqual(script.state.logs, [
      ['key', 'text'],
      ['key', 1.5],
      ['key', false],
      ['key', 'UNSUPPORTED'],
      ['key', 'UNSUPPORTED'],
      ['alone', 'UNSUPPORTED'],
    ]);
    await assert.rejects(script.call(builtin, 'custom_log_add'), /string expected/);
  });

  test('status_message_set keeps the last text and is absent in actions', async () => {
    const script = scriptOf('feature');
    const builtin = tableOf(script, 'nauthilus_builtin');
    await script.call(builtin, 'status_message_set', 'first');
    assert.deepEqual(await script.call(builtin, 'status_message_set', 42), []);
    assert.equal(script.state.statusMessage, '42');
    assert.equal(rawGet(tableOf(scriptOf('action'), 'nauthilus_builtin'), 'status_message_set'), undefined);
  });
});

describe('nauthilus_backend_result', () => {
  const NAMES = ['nauthilus_backend_result', 'backend_result'];

  async function create(script: Script): Promise<LuaValue> {
    const [object] = await script.call(tableOf(script, 'nauthilus_backend_result'), 'new');
    return object;
  }

  test('exists in backends and filters only, under both names', () => {
    for (const scriptClass of SCRIPT_CLASSES) {
      const present = NAMES.map((name) => scriptOf(scriptClass).global(name) !== undefined);
      const expected = scriptClass === 'backend' || scriptClass === 'filter';
      assert.deepEqual(present, [expected, expected], scriptClass);
    }
  });

  test('is made with a dot and with a colon', async () => {
    const script = scriptOf('backend');
    const table = tableOf(script, 'nauthilus_backend_result');
    for (const call of [script.call(table, 'new'), script.method(table, 'new')]) {
      assert.ok(backendResultOf((await call)[0]));
    }
  });

  test('every method sets with an argument and gets without one', async () => {
    const script = scriptOf('backend');
    const object = await create(script);
    const values: readonly [string, LuaValue, LuaValue][] = [
      ['authenticated', false, true],
      ['user_found', false, true],
      ['account_field', '', 'uid'],
      ['totp_secret_field', '', 'totp'],
      ['totp_recovery_field', '', 'codes'],
      ['unique_user_id_field', '', 'entryUUID'],
      ['display_name_field', '', 'cn'],
    ];
    for (const [method, initial, value] of values) {
      assert.deepEqual(await script.method(object, method), [initial], method);
      assert.deepEqual(await script.method(object, method, value), [], method);
      assert.deepEqual(await script.method(object, method), [value], method);
    }
    assert.equal(backendResultOf(object)?.displayNameField, 'cn');
  });

  test('attributes are copied in and out', async () => {
    const script = scriptOf('filter');
    const object = await create(script);
    const attributes = tableFromEntries([['quota', 5]]);
    await script.method(object, 'attributes', attributes);
    rawSet(attributes, 'quota', 6);
    const [first] = await script.method(object, 'attributes');
    const [second] = await script.method(object, 'attributes');
    assert.ok(first instanceof LuaTable && first !== second);
    assert.equal(rawGet(first, 'quota'), 5);
    assert.deepEqual([...(backendResultOf(object)?.attributes ?? [])], [['quota', 5]]);
  });

  test('wrong values and wrong objects are argument errors', async () => {
    const script = scriptOf('backend');
    const object = await create(script);
    await assert.rejects(script.method(object, 'authenticated', 1), /boolean expected, got number/);
    await assert.rejects(script.method(object, 'authenticated', undefined), /boolean expected, got nil/);
    await assert.rejects(script.method(object, 'attributes', 'x'), /table expected, got string/);
    await assert.rejects(script.call(object, 'authenticated', 5), /userdata expected, got number/);
    const other = await create(scriptOf('filter'));
    await assert.rejects(script.call(object, 'authenticated', other), /backend_result expected/);
  });

  test('in filters only attributes can be set', async () => {
    const script = scriptOf('filter');
    const object = await create(script);
    await assert.rejects(script.method(object, 'authenticated'));
  });
});
