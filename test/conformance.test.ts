/** The programs of test/conformance: plain Lua with `assert`, in both colours, and by the reference interpreter. */
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import type { CompileOptions } from '../compiler/front/index.ts';
import { setGlobal } from '../runtime/engine/api.ts';
import { errorText, runLua } from './run-lua.ts';

const FOLDER = fileURLToPath(new URL('conformance/', import.meta.url));
const files = readdirSync(FOLDER).filter((name) => name.endsWith('.lua'));
const hasReference = spawnSync('lua5.1', ['-v']).status === 0;

/** What the programs find as globals beside Lua: our engine waits, the reference cannot. */
const REFERENCE_PRELUDE = `function wait(...) return ... end function fail(m) error(m, 0) end across = false`;

for (const name of files) {
  describe(name, () => {
    const source = readFileSync(FOLDER + name, 'latin1');

    test('runs with functions coloured by the analysis', async () => {
      await check(name, source, { checkPlain: true });
    });

    test('runs with every function suspendable', async () => {
      await check(name, source, { suspendAll: true });
    });

    test('runs in the reference interpreter', { skip: hasReference ? false : 'lua5.1 is not installed' }, () => {
      execFileSync('lua5.1', ['-e', REFERENCE_PRELUDE, name], { cwd: FOLDER, stdio: ['ignore', 'ignore', 'pipe'] });
    });
  });
}

async function check(name: string, source: string, compile: CompileOptions): Promise<void> {
  const { error } = await runLua(source, {
    name,
    compile,
    prepare: (env) => setGlobal(env, 'across', true),
  });
  assert.ok(error === undefined, errorText(error));
}
