/** Differential tests: a program must print in our engine what PUC Lua 5.1 prints, in every colour. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import type { CompileOptions } from '../compiler/front/index.ts';
import { errorText, runLua } from './run-lua.ts';

const PUC = 'lua5.1';

/** For `test` options: why differential tests cannot run here, else false. */
export const withoutReference: string | false = spawnSync(PUC, ['-v']).status === 0 ? false : `${PUC} is not installed`;

/** What PUC Lua prints; throws if the program fails. `program` is text, the chunk name is `case.lua`. */
export function referenceOutput(program: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'lua-'));
  try {
    writeFileSync(join(folder, 'case.lua'), program);
    const { stdout, stderr, status } = spawnSync(PUC, ['case.lua'], { cwd: folder, encoding: 'utf8' });
    assert.equal(status, 0, stderr);
    return stdout;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** The ways a program can be compiled; all must behave alike. */
export const COLOURS: Readonly<Record<string, CompileOptions>> = {
  analysed: { checkPlain: true },
  suspendable: { suspendAll: true },
};

/** What our engine prints, one output per colour. Throws if the program fails. */
export async function ourOutput(program: string, colour: CompileOptions): Promise<string> {
  const { stdout, error } = await runLua(Buffer.from(program, 'utf8').toString('latin1'), { compile: colour });
  assert.ok(error === undefined, errorText(error));
  return stdout;
}

/** One test per entry: its key is the sentence, its value the program. */
export function sameAsLua(programs: Readonly<Record<string, string>>): void {
  for (const [name, program] of Object.entries(programs)) {
    test(name, { skip: withoutReference }, async () => {
      const expected = referenceOutput(program);
      for (const [colour, options] of Object.entries(COLOURS)) {
        assert.equal(await ourOutput(program, options), expected, colour);
      }
    });
  }
}

/** One test per entry, for what PUC Lua cannot run: its value is the program and what it has to print. */
export function prints(programs: Readonly<Record<string, readonly [program: string, output: string]>>): void {
  for (const [name, [program, output]] of Object.entries(programs)) {
    test(name, async () => {
      for (const [colour, options] of Object.entries(COLOURS)) {
        assert.equal(await ourOutput(program, options), output, colour);
      }
    });
  }
}
