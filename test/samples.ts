/**
 * Runs a folder of samples: each folder of `test/samples/<suite>` is one case, its input beside the text that is expected
 * of it. A mismatch shows both, and leaves what came out beside the expectation as `_actual.txt`.
 *
 * `FILTER=text` runs only cases whose `suite/case` contains the text; `UPDATE_SAMPLES=1` writes the expectations instead of
 * comparing them: read the diff before you commit it.
 */
import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

export interface Sample {
  /** Name of its folder. */
  readonly name: string;
  /** Names of its input files, sorted. */
  readonly inputs: readonly string[];
  /** Bytes of an input file as char codes 0-255. */
  read(file: string): string;
}

/** Defines one test per sample of the suite; `run` gives the text to compare with `_expected.txt`. */
export function runSamples(suite: string, run: (sample: Sample) => string | Promise<string>): void {
  const folder = fileURLToPath(new URL(`samples/${suite}/`, import.meta.url));
  const filter = process.env.FILTER ?? '';
  for (const name of foldersIn(folder)) {
    if (`${suite}/${name}`.includes(filter)) test(name, async () => runSample(join(folder, name), name, run));
  }
}

async function runSample(
  folder: string,
  name: string,
  run: (sample: Sample) => string | Promise<string>,
): Promise<void> {
  const expectation = join(folder, '_expected.txt');
  const actualFile = join(folder, '_actual.txt');
  const actual = await run(openSample(folder, name));
  if (process.env.UPDATE_SAMPLES === '1') {
    writeFileSync(expectation, actual, 'latin1');
    return;
  }
  assert.ok(existsSync(expectation), `${expectation} is missing: write it with UPDATE_SAMPLES=1`);
  rmSync(actualFile, { force: true });
  const expected = readFileSync(expectation, 'latin1');
  if (actual !== expected) writeFileSync(actualFile, actual, 'latin1');
  assert.equal(actual, expected);
}

function openSample(folder: string, name: string): Sample {
  const inputs = readdirSync(folder)
    .filter((file) => !file.startsWith('_'))
    .sort();
  assert.ok(inputs.length > 0, `${folder} has an expectation but no input`);
  return { name, inputs, read: (file) => readFileSync(join(folder, file), 'latin1') };
}

function foldersIn(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name)
    .sort();
}
