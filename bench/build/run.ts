/**
 * How fast is the compiler? `npm run bench:build`: `nauthilus build` of projects of some sizes, by the clock and in
 * processor time of all its threads, and the processor time in which `nauthilus watch` compiles and links one changed
 * script. On a busy machine read processor time. Option: `--scripts=N` (default 10,100,1000).
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { scriptText, writeProject } from './program.ts';
import { recompile } from './recompile.ts';

const COMMAND = fileURLToPath(new URL('../../compiler/cli/nauthilus.mjs', import.meta.url));

const { values: options } = parseArgs({ options: { scripts: { type: 'string', default: '10,100,1000' } } });

interface Build {
  readonly clock: number;
  readonly processor: number;
}

/** Seconds of the better of two builds. */
function build(folder: string): Build {
  const builds = [buildOnce(folder), buildOnce(folder)];
  return {
    clock: Math.min(...builds.map(({ clock }) => clock)),
    processor: Math.min(...builds.map(({ processor }) => processor)),
  };
}

function buildOnce(folder: string): Build {
  const began = performance.now();
  const before = childSeconds();
  const { status, stderr } = spawnSync(process.execPath, [COMMAND, 'build', '-c', 'nauthilus.yml', '-o', 'out'], {
    cwd: folder,
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(stderr);
  return { clock: (performance.now() - began) / 1000, processor: childSeconds() - before };
}

/** Processor time of all children that have ended, from /proc; not a number elsewhere. */
function childSeconds(): number {
  try {
    const fields = readFileSync('/proc/self/stat', 'utf8')
      .replace(/^.*\) /, '')
      .split(' ');
    return (Number(fields[13]) + Number(fields[14])) / 100;
  } catch {
    return Number.NaN;
  }
}

console.log('scripts    lines   build s   processor s   one script again, processor ms (median of 9)');
for (const scripts of options.scripts.split(',').map(Number)) {
  const folder = mkdtempSync(join(tmpdir(), 'bench-build-'));
  try {
    const lines = writeProject(folder, scripts);
    const { clock, processor } = build(folder);
    const change = (round: number): string => {
      const path = 'policies/policy7.lua';
      writeFileSync(join(folder, path), scriptText(round + 1));
      return path;
    };
    // The second reads everything once more, as watch does, and nothing is warm yet.
    const times = recompile(folder, change, 12).slice(3);
    const median = times.toSorted((one, other) => one - other)[4] ?? 0;
    const columns = [String(scripts), String(lines), clock.toFixed(2), processor.toFixed(2), median.toFixed(1)];
    const widths = [7, 8, 9, 13, 19];
    console.log(columns.map((text, at) => text.padStart(widths[at] ?? 0)).join(' '));
  } finally {
    rmSync(folder, { recursive: true });
  }
}
