/** What failing programs print is what Lua 5.1 printed (see snippets.ts), however they are compiled and run. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { before, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { bundle, writeBundle } from '../../compiler/build/bundle.ts';
import { chunkModules } from '../../compiler/build/chunks.ts';
import { compileInMemory } from '../../compiler/build/in-memory.ts';
import { V8_FLAGS } from '../../compiler/cli/v8-flags.mjs';
import { type CompileOptions, compileProgram } from '../../compiler/front/index.ts';
import type { HostManifest } from '../../runtime/contract/host.ts';
import { standardManifest } from '../../runtime/engine/stdlib/index.ts';
import { outcomeOf } from './outcome.ts';
import { expectationsOf, type Snippet, snippetsOf, topics } from './snippets.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const manifest: HostManifest = { globals: standardManifest, modules: [] };
const snippets: readonly Snippet[] = topics.flatMap(snippetsOf);
const expected = new Map(topics.map((topic) => [topic, expectationsOf(topic)] as const));

/** In memory, as `run`, `watch` and `load` do. */
async function inMemory({ source }: Snippet, options: CompileOptions): Promise<string> {
  const { chunks, diagnostics } = compileInMemory([{ name: 'case.lua', source }], manifest, options);
  const chunk = chunks.get('case.lua');
  if (chunk !== undefined) return outcomeOf(chunk);
  const [{ message, place } = { message: 'no diagnostic', place: undefined }] = diagnostics;
  return `lua: ${place?.file}:${place?.line}: ${message}\n`;
}

const bundled = new Map<string, string>();
const bundledName = (at: number): string => `case${at}.lua`;

/** One artifact with all programs that compile; in messages each of them is `case.lua` again. */
async function runBundle(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'errors-'));
  const sources = snippets.map(({ source }, at) => ({ name: bundledName(at), source }));
  const compiled = sources.flatMap((source) => compileProgram([source], manifest).files);
  const outFile = join(folder, 'artifact.mjs');
  try {
    const result = await bundle({
      root: ROOT,
      luaRoot: ROOT,
      outFile,
      version: '0.0.0',
      restart: join(ROOT, 'compiler/cli/restart.mjs'),
      main: join(ROOT, 'test/errors/artifact.ts'),
      commands: [],
      chunks: chunkModules(
        compiled,
        compiled.map(({ name }) => [name, name] as const),
        [],
      ),
    });
    writeBundle(result, outFile);
    const { stdout, stderr } = spawnSync(process.execPath, [...V8_FLAGS, outFile], {
      encoding: 'utf8',
      maxBuffer: 2 ** 26,
    });
    assert.equal(stderr, '');
    const outcomes: Record<string, string> = JSON.parse(stdout);
    for (const [name, outcome] of Object.entries(outcomes))
      bundled.set(name, outcome.replaceAll(/case\d+\.lua/g, 'case.lua'));
  } finally {
    rmSync(folder, { recursive: true });
  }
}
before(runBundle);

for (const topic of topics) {
  describe(topic, () => {
    for (const [at, snippet] of snippets.entries()) {
      if (snippet.topic !== topic) continue;
      const wanted = expected.get(topic)?.get(snippet.name);
      test(snippet.name, async () => {
        assert.equal(await inMemory(snippet, {}), wanted);
        assert.equal(await inMemory(snippet, { suspendAll: true }), wanted, 'with every function suspendable');
        const outcome = bundled.get(bundledName(at));
        if (outcome !== undefined) assert.equal(outcome, wanted, 'in the bundle');
        else
          assert.match(wanted ?? '', /^lua: case\.lua:\d+: .*\n$/, 'only what does not compile is not in the bundle');
      });
    }
  });
}
