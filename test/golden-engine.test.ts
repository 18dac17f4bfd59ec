/** The recorded engine cases: what PUC Lua 5.1 (or, where that is the decision, gopher-lua) printed for each program. */
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { FULL_ACCESS, setSystemAccess } from '../runtime/engine/stdlib/system.ts';
import { errorText, runLua } from './run-lua.ts';

interface GoldenCase {
  readonly name: string;
  /** UTF-8 text of the program. */
  readonly source: string;
  readonly stdout: string;
}

const cases: readonly GoldenCase[] = JSON.parse(
  readFileSync(new URL('golden/engine/cases.json', import.meta.url), 'utf8'),
);

describe('recorded engine cases', () => {
  const home = process.cwd();
  const folder = mkdtempSync(join(tmpdir(), 'golden-engine-'));
  const zone = process.env.TZ;
  const access = setSystemAccess(FULL_ACCESS);

  before(() => {
    process.env.TZ = 'UTC';
    process.chdir(folder);
  });
  after(() => {
    process.chdir(home);
    process.env.TZ = zone;
    setSystemAccess(access);
    rmSync(folder, { recursive: true });
  });

  for (const { name, source, stdout } of cases) {
    test(name, async () => {
      const bytes = Buffer.from(source, 'utf8').toString('latin1');
      const outcome = await runLua(bytes);
      assert.equal(outcome.stdout, stdout, outcome.error === undefined ? undefined : errorText(outcome.error));
    });
  }
});
