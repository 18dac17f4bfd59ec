import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { SCRIPT_CLASSES, type ScriptClass } from '../../runtime/contract/host.ts';
import { getMetatable, rawGet } from '../../runtime/engine/api.ts';
import { defineModule, type ModuleDefinition } from '../../runtime/host/define.ts';
import { describeModule } from '../../runtime/host/manifest.ts';
import { namedLikeTheirFiles } from '../../runtime/host/script-host.ts';
import { describeModules } from '../../runtime/index.ts';
import modules from '../../runtime/modules/index.gen.ts';
import type { OpenedServices } from '../../runtime/services/index.ts';
import { EVERYTHING_CONFIGURED } from './everything-configured.ts';
import { Script, services } from './script.ts';

/** Modules that are not for all classes; everything else is. */
const RESTRICTED: Readonly<Record<string, readonly ScriptClass[]>> = {
  nauthilus_backend: ['filter'],
  nauthilus_http_request: ['callback', 'feature', 'backend', 'filter', 'action'],
  nauthilus_http_response: ['callback', 'feature', 'backend', 'filter'],
};

const registered: readonly ModuleDefinition[] = modules;

let opened: OpenedServices;
before(async () => {
  opened = await services(EVERYTHING_CONFIGURED);
});
after(() => opened.close());

for (const module of registered) {
  const expected = RESTRICTED[module.loader] ?? SCRIPT_CLASSES;

  describe(module.loader, () => {
    test(`is for the classes ${expected.join(', ')}`, () => {
      assert.deepEqual(module.classes, expected);
    });

    for (const scriptClass of SCRIPT_CLASSES) {
      const isAvailable = expected.includes(scriptClass);
      test(`${isAvailable ? 'can' : 'cannot'} be required in the class ${scriptClass}`, async () => {
        for (const name of module.requires) {
          const script = new Script(opened, registered, { scriptClass });
          if (!isAvailable) {
            await assert.rejects(script.require(name, module.loader), /is not available in/);
            continue;
          }
          const table = await script.require(name, module.loader);
          for (const each of describeModule(module).functions) {
            const holder = each.name === '__call' ? getMetatable(table)! : table;
            const [found] = await script.run(() => holder.$h[each.name] ?? rawGet(holder, each.name));
            const { hidden } = module.library();
            const isHidden = hidden !== undefined && new hidden.strings()[each.name] !== undefined;
            assert.equal(typeof found, isHidden ? 'undefined' : 'function', each.name);
          }
        }
      });
    }

    test('describes every function in one line', () => {
      for (const { name, doc, params } of describeModule(module).functions) {
        assert.match(doc, /^[A-Z`][^\n]{3,120}[.?]$/, `doc of ${name}`);
        for (const param of params) assert.match(param.name, /^[a-z][a-z0-9_]*$/, `parameter of ${name}`);
      }
    });
  });
}

test('no two modules share both names, and every module has functions', () => {
  const names = registered.flatMap((each) =>
    [each.loader, ...each.aliases].flatMap((loader) => each.requires.map((name) => `${loader} ${name}`)),
  );
  assert.equal(new Set(names).size, names.length);
  for (const module of registered) assert.ok(describeModule(module).functions.length > 0, module.loader);
});

test('a module that is not named like its file is refused by the name of the file', () => {
  const named = (name: string) => defineModule({ name, classes: 'all', doc: 'A sample.', functions: {} });
  const files = ['m/a.ts', 'm/more_of_a.ts'];
  assert.equal(namedLikeTheirFiles([named('a'), named('a')], files).length, 2);
  assert.throws(() => namedLikeTheirFiles([named('a'), named('b')], files), {
    message: /^m\/more_of_a.ts: the module 'b' /,
  });
});

test('every name that the compiler knows can be required without dynamic_loader', async () => {
  for (const { requires, classes, loader } of describeModules().modules) {
    const script = new Script(opened, registered, { scriptClass: classes[0]! });
    for (const name of requires) await script.require(name);
    assert.ok(requires.length > 0, loader);
  }
  const names = describeModules().modules.flatMap(({ requires }) => requires);
  for (const name of ['json', 'nauthilus_gll_json', 'nauthilus_gll_crypto', 'nauthilus_http']) {
    assert.ok(names.includes(name), name);
  }
});
