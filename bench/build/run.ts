/**
 * How fast is the compiler? `npm run bench:build`: builds of projects of some sizes as `nauthilus build` makes them, and
 * what `nauthilus watch` needs to take over one changed script. Options: `--scripts=N` (default 10, 100 and 1000).
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { recompile } from './recompile.ts';
import { scriptText, writeProject } from './program.ts';

const COMMAND = fileURLToPath(new URL('../../compiler/cli/nauthilus.mjs', import.meta.url));

const { values: options } = parseArgs({ options: { scripts: { type: 'string', default: '10,100,1000' } } });

function buildSeconds(folder: string): number {
  const began = performance.now();
  const { status, stderr } = spawnSync(process.execPath, [COMMAND, 'build', '-c', 'nauthilus.yml', '-o', 'out'], {
    cwd: folder,
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(stderr);
  return (performance.now() - began) / 1000;
}

console.log('scripts    lines   build s   one script again ms (median of 9)');
for (const scripts of options.scripts.split(',').map(Number)) {
  const folder = mkdtempSync(join(tmpdir(), 'bench-build-'));
  try {
    const lines = writeProject(folder, scripts);
    const seconds = Math.min(buildSeconds(folder), buildSeconds(folder));
    const changed = join(folder, 'policies/policy0.lua');
    const times = recompile(folder, (round) => writeFileSync(changed, scriptText(round + 1)), 10).slice(1);
    const median = times.toSorted((one, other) => one - other)[4] ?? 0;
    console.log(
      `${String(scripts).padStart(7)} ${String(lines).padStart(8)} ${seconds.toFixed(2).padStart(9)} ${median.toFixed(1).padStart(10)}`,
    );
  } finally {
    rmSync(folder, { recursive: true });
  }
}
