/** V8's code cache of an artifact: the artifact itself writes it, in a process with the flags that it will run with. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CODE_CACHE_OPTION } from './code-cache-option.ts';

const LONGEST_MS = 20_000;

/** Undefined when there is none: an artifact works without, and only starts more slowly. */
export async function makeCodeCache(code: string, flags: readonly string[]): Promise<Buffer | undefined> {
  const folder = mkdtempSync(join(tmpdir(), 'nauthilus-code-cache-'));
  const [artifact, cache] = [join(folder, 'artifact.mjs'), join(folder, 'cache')];
  try {
    writeFileSync(artifact, code);
    const args = [...flags, artifact, CODE_CACHE_OPTION, cache];
    const child = spawn(process.execPath, args, { stdio: 'ignore', timeout: LONGEST_MS });
    await once(child, 'exit');
    return existsSync(cache) ? readFileSync(cache) : undefined;
  } finally {
    rmSync(folder, { recursive: true });
  }
}
