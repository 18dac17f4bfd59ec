/** What depends on the script class, with arguments that nobody should give: modules that deal with Nauthilus itself, and globals. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SCRIPT_CLASSES } from '../../runtime/contract/host.ts';
import { LuaTable, rawGet } from '../../runtime/engine/api.ts';
import { describeModule } from '../../runtime/host/manifest.ts';
import { describeGlobals } from '../../runtime/index.ts';
import modules from '../../runtime/modules/index.gen.ts';
import { Probe, probeFunctions, probeMethods } from './probe.ts';
import { probeServices } from './probe-services.ts';

const opened = probeServices();

const OF_NAUTHILUS = modules.filter(({ loader }) => !loader.startsWith('nauthilus_gll_'));

for (const scriptClass of SCRIPT_CLASSES) {
  const others = OF_NAUTHILUS.filter(({ classes }) => classes.includes(scriptClass));
  test(`all modules of Nauthilus answer bad input in the words of Lua in the class ${scriptClass}`, async () => {
    for (const definition of others) {
      const { functions, loader, requires } = describeModule(definition);
      const probe = new Probe(scriptClass, opened());
      const table = await probe.require(loader, requires[0]!);
      await probeFunctions(probe, table, functions);
      assert.deepEqual(probe.problems(), [], loader);
    }
  });
}

for (const scriptClass of ['feature', 'backend', 'filter', 'action'] as const) {
  test(`the globals of the class ${scriptClass} answer bad input in the words of Lua`, async () => {
    const probe = new Probe(scriptClass, opened());
    const { functions, tables } = describeGlobals();
    await probeFunctions(probe, probe.env.globals, functions);
    for (const { name, functions: own, userdata } of tables.filter((each) => each.scriptClass === scriptClass)) {
      const table = rawGet(probe.env.globals, name);
      assert.ok(table instanceof LuaTable);
      await probeFunctions(probe, table, own);
      for (const kind of userdata) {
        assert.ok(probe.objects.has(kind.name));
        await probeMethods(probe, kind.name, kind.methods);
      }
    }
    assert.deepEqual(probe.problems(), []);
  });
}
