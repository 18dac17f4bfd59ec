/** Tables of options in which one key has a value that nobody should give. Which keys there are is read in the documentation. */
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { namePages } from '../../compiler/build/reference/reference.ts';
import { notesPath } from '../../compiler/cli/write-reference.ts';
import { index } from '../../runtime/engine/api.ts';
import { describeModules } from '../../runtime/index.ts';
import { casesOfKeys } from './bad-values.ts';
import { Probe } from './probe.ts';
import { probeServices } from './probe-services.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));

const opened = probeServices();

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
    const probe = new Probe(module.classes.includes('filter') ? 'filter' : module.classes[0]!, opened());
    const table = await probe.require(module.loader, module.requires[0]!);
    for (const { name, params, doc } of takers) {
      const [fn] = await probe.run(() => index(table, name), []);
      if (typeof fn !== 'function') continue;
      for (const each of casesOfKeys(params, probe.objects, keysIn(doc, page))) probe.call(name, fn, each);
      await probe.settled();
    }
    assert.deepEqual(probe.problems(), []);
  });
}
