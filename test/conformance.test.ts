/** The programs of test/conformance: plain Lua with `assert`, in both colours, and by the reference interpreter. */
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { bundle, writeBundle } from '../compiler/build/bundle.ts';
import { chunkModules } from '../compiler/build/chunks.ts';
import { V8_FLAGS } from '../compiler/cli/v8-flags.mjs';
import { type CompileOptions, compileProgram } from '../compiler/front/index.ts';
import { setGlobal } from '../runtime/engine/api.ts';
import { errorText, runLua, testManifest } from './run-lua.ts';

const ROOT = fileURLToPath(new URL('../', import.meta.url));
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

test('all of them run in an artifact, with the same positions and tracebacks', async () => {
  const compiled = files.flatMap((name) => {
    const source = readFileSync(FOLDER + name, 'latin1');
    return compileProgram([{ name, source }], testManifest).files;
  });
  const folder = mkdtempSync(join(tmpdir(), 'conformance-'));
  const outFile = join(folder, 'artifact.mjs');
  const options = {
    root: ROOT,
    luaRoot: FOLDER,
    outFile,
    version: '0.0.0',
    restart: join(ROOT, 'compiler/cli/restart.mjs'),
    flags: V8_FLAGS,
    main: join(ROOT, 'test/conformance-artifact.ts'),
    commands: [],
    chunks: chunkModules(
      compiled,
      files.map((name) => [name, name] as const),
      [],
    ),
  };
  try {
    writeBundle(await bundle(options), outFile);
    const { stdout, stderr, status } = spawnSync(process.execPath, [...V8_FLAGS, outFile], { encoding: 'utf8' });
    assert.equal(stdout + stderr, '');
    assert.equal(status, 0);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

async function check(name: string, source: string, compile: CompileOptions): Promise<void> {
  const { error } = await runLua(source, {
    name,
    compile,
    prepare: (env) => setGlobal(env, 'across', true),
  });
  assert.ok(error === undefined, errorText(error));
}
