/** Lua's own libraries with arguments nobody should give; those of the host are in test/modules/bad-input.test.ts. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import type { HostParameter } from '../../runtime/contract/host.ts';
import { entries, LuaTable, rawGet } from '../../runtime/engine/api.ts';
import type { OpenedServices } from '../../runtime/services/index.ts';
import { Probe, probeFunctions } from '../modules/probe.ts';
import { services } from '../modules/script.ts';

let opened: OpenedServices;
let folder = '';
const outside = process.cwd();

before(async () => {
  folder = mkdtempSync(join(tmpdir(), 'nauthilus-bad-input-'));
  process.chdir(folder);
  opened = await services();
});
after(async () => {
  await opened.close();
  process.chdir(outside);
  rmSync(folder, { recursive: true, force: true });
});

/** Library functions take what they want from any place: one list of parameters is as good as another. */
const ANYTHING: readonly HostParameter[] = ['a', 'b', 'c'].map((name) => ({
  name,
  type: 'any',
  optional: false,
  variadic: false,
}));

for (const name of ['_G', 'string', 'table', 'math', 'os', 'io', 'coroutine', 'debug', 'package']) {
  test(`the functions of ${name} answer bad input in the words of Lua`, async () => {
    const probe = new Probe('filter', opened);
    const library = rawGet(probe.env.globals, name);
    assert.ok(library instanceof LuaTable);
    const functions = [...entries(library)].flatMap(([key, value]) => {
      if (typeof value !== 'function') return [];
      return { name: String(key), colour: 'sync' as const, params: ANYTHING, returns: [], doc: '' };
    });
    assert.notEqual(functions.length, 0);
    await probeFunctions(probe, library, functions);
    assert.deepEqual(probe.problems(), []);
  });
}
