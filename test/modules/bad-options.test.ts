/** Tables of options in which one key has a value that nobody should give. Which keys there are is read in the documentation. */
import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { namePages } from '../../compiler/build/reference/reference.ts';
import { notesPath } from '../../compiler/cli/write-reference.ts';
import { index, LuaTable, rawGet } from '../../runtime/engine/api.ts';
import { describeModules } from '../../runtime/index.ts';
import { type OpenedServices, systemClock } from '../../runtime/services/index.ts';
import { casesOfKeys } from './bad-values.ts';
import { EVERYTHING_CONFIGURED } from './everything-configured.ts';
import { Probe } from './probe.ts';
import { services } from './script.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));

let opened: OpenedServices;
let folder = '';
const outside = process.cwd();

before(async () => {
  folder = mkdtempSync(join(tmpdir(), 'nauthilus-bad-options-'));
  process.chdir(folder);
  opened = await services(EVERYTHING_CONFIGURED, { clock: { ...systemClock, sleep: async () => {} } });
});
after(async () => {
  await opened.close();
  process.chdir(outside);
  rmSync(folder, { recursive: true, force: true });
});

/** Names in the line of a function, and in the first columns of the tables below it. */
function keysIn(doc: string, page: string): readonly string[] {
  const path = join(ROOT, notesPath(page));
  const notes = existsSync(path) ? readFileSync(path, 'utf8') : '';
  const columns = [...notes.matchAll(/^\| ([^|]*`[^|]*) \|/gm)].flatMap(
    ([, cell = '']) => cell.match(/`[^`]+`/g) ?? [],
  );
  const words = doc.match(/[a-z][a-z_]+/g) ?? [];
  return [...new Set([...columns.map((each) => each.slice(1, -1)), ...words])];
}

for (const { page, module } of namePages(describeModules().modules)) {
  const takers = module.functions.filter(({ params }) => params.some(({ type }) => type.includes('table')));
  if (takers.length === 0) continue;
  test(`tables for ${page} with bad values are answered in the words of Lua`, async () => {
    const probe = new Probe(module.classes.includes('filter') ? 'filter' : module.classes[0]!, opened);
    const require = rawGet(probe.env.globals, 'require');
    const load = rawGet(probe.env.globals, 'dynamic_loader');
    if (typeof require !== 'function' || typeof load !== 'function') throw new Error('no require');
    await probe.run(load, [module.loader]);
    const [table] = await probe.run(require, [module.requires[0]]);
    assert.ok(table instanceof LuaTable);
    for (const { name, params, doc } of takers) {
      const [fn] = await probe.run(() => index(table, name), []);
      if (typeof fn !== 'function') continue;
      for (const each of casesOfKeys(params, probe.objects, keysIn(doc, page))) probe.call(name, fn, each);
      await probe.settled();
    }
    assert.deepEqual(probe.problems(), []);
  });
}
