/**
 * How fast is compiled Lua? `npm run bench:lua [-- program…]` runs each program of `lua/` in every engine, one process per
 * program and engine, the engines in turn so that a busy machine is busy for all. Figures are milliseconds of the best
 * run; read ratios. Options: `--rounds=N` (default 2), `--seconds=S` of processor time per round and engine (default 3: V8 needs more
 * than two to settle on the last code of some programs), `--fast` leaves the interpreters in JavaScript and WebAssembly
 * out, which get one short round, `--engines=a,b` all others but the first.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { buildSync } from 'esbuild';
import { V8_FLAGS } from '../../compiler/cli/v8-flags.mjs';
import { luaFile } from './engines.ts';

const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    rounds: { type: 'string', default: '2' },
    seconds: { type: 'string', default: '3' },
    engines: { type: 'string' },
    fast: { type: 'boolean', default: false },
  },
});

interface Engine {
  readonly name: string;
  /** Command line that times a program; prints milliseconds and the result. */
  readonly command: (program: string) => readonly string[];
  /** For engines whose driver is Lua. */
  readonly input?: string;
  /** Its results are those of Lua 5.1. */
  readonly exact: boolean;
  /** Slow, and has nothing to settle: one short round will do. */
  readonly once?: boolean;
}

/** What child.ts does, in Lua. */
const DRIVER = `
local run = assert(loadfile(arg[1]))()
local seconds = tonumber(arg[2])
local stop, start = os.clock() + seconds, os.clock()
local result = run()
local best = os.clock() - start
while os.clock() < stop do start = os.clock() run() local d = os.clock() - start if d < best then best = d end end
print(string.format("%.6f %.14g", best * 1000, result))`;

/** child.ts in one file, as the engine is in an artifact; it still finds the programs here. */
function bundleChild(): string {
  const file = join(mkdtempSync(join(tmpdir(), 'bench-')), 'child.mjs');
  buildSync({
    entryPoints: [CHILD],
    outfile: file,
    bundle: true,
    platform: 'node',
    format: 'esm',
    external: ['lua-in-js', 'fengari', 'wasmoon'],
    define: { 'import.meta.url': JSON.stringify(import.meta.url) },
  });
  return file;
}

const CHILD = fileURLToPath(new URL('child.ts', import.meta.url));
const BUNDLED_CHILD = bundleChild();

function inNode(name: string, flags: readonly string[], child: readonly string[]): Engine {
  const command = (program: string): string[] => {
    return [process.execPath, ...flags, ...child, name, program, options.seconds];
  };
  return { name, command, exact: true };
}

function interpreter(name: string, exact: boolean): Engine {
  return { name, command: (program) => [process.execPath, ...FROM_SOURCE, name, program, '1'], exact, once: true };
}

function native(name: string, ...command: readonly string[]): Engine {
  return {
    name,
    command: (program) => [...command, '-', luaFile(program), options.seconds],
    input: DRIVER,
    exact: true,
  };
}

const FROM_SOURCE = ['--import', 'tsx', CHILD];

const ALL_ENGINES: readonly Engine[] = [
  inNode('ours', V8_FLAGS, [BUNDLED_CHILD]),
  native('luajit', 'luajit'),
  native('joff', 'luajit', '-joff'),
  native('lua5.1', 'lua5.1'),
  inNode('javascript', V8_FLAGS, FROM_SOURCE),
  inNode('unlimited', V8_FLAGS, [BUNDLED_CHILD]),
  inNode('suspendable', V8_FLAGS, [BUNDLED_CHILD]),
  ...(options.fast
    ? []
    : [interpreter('lua-in-js', true), interpreter('fengari', false), interpreter('wasmoon', false)]),
];

const wanted = options.engines?.split(',');
const ENGINES = ALL_ENGINES.filter(({ name }, i) => i === 0 || (wanted?.includes(name) ?? true));

/** Milliseconds of the best run; NaN if the engine is missing, fails, or takes the program for another one. */
function time(engine: Engine, program: string, expected: number): number {
  const [file = '', ...args] = engine.command(program);
  const { stdout, status, stderr } = spawnSync(file, args, {
    input: engine.input ?? '',
    encoding: 'utf8',
    timeout: 180_000,
  });
  const [ms, result] = (stdout ?? '').trim().split(' ').map(Number);
  if (status !== 0 || ms === undefined) {
    if (status !== null)
      console.error(`${engine.name} ${program}: ${(stderr ?? '').trim().split('\n').slice(0, 6).join(' ')}`);
    return Number.NaN;
  }
  if (!engine.exact || result === expected || Number.isNaN(expected)) return ms;
  console.error(`${engine.name} ${program}: ${result} instead of ${expected}`);
  return Number.NaN;
}

function resultOf(program: string): number {
  const { stdout } = spawnSync('lua5.1', ['-', luaFile(program), '0'], { input: DRIVER, encoding: 'utf8' });
  return Number((stdout ?? '').trim().split(' ')[1]);
}

const programs = readdirSync(fileURLToPath(new URL('lua/', import.meta.url)))
  .map((file) => file.replace(/\.lua$/, ''))
  .filter((name) => positionals.length === 0 || positionals.includes(name));

const ratios = new Map(ENGINES.map(({ name }) => [name, [] as number[]] as const));
const cell = (text: string): string => text.padStart(12);
console.log('milliseconds of the best run; in brackets: how many times the time of ours');
console.log('program'.padEnd(14), ...ENGINES.map(({ name }) => cell(name)));
for (const program of programs) {
  const expected = resultOf(program);
  const best = ENGINES.map(() => Number.NaN);
  for (let round = 0; round < Number(options.rounds); round++) {
    ENGINES.forEach((engine, i) => {
      if (engine.once === true && round > 0) return;
      const ms = time(engine, program, expected);
      const before = best[i] as number;
      best[i] = Number.isNaN(before) || ms < before ? ms : before;
    });
  }
  const [ours = Number.NaN] = best;
  const cells = best.map((ms, i) => {
    const ratio = ms / ours;
    if (Number.isNaN(ratio)) return cell('-');
    ratios.get(ENGINES[i]?.name ?? '')?.push(ratio);
    return cell(i === 0 ? ms.toFixed(2) : `${ms.toFixed(1)} (${ratio.toFixed(2)})`);
  });
  console.log(program.padEnd(14), ...cells);
}
const means = [...ratios.values()].map((list) => {
  return cell(Math.exp(list.reduce((sum, ratio) => sum + Math.log(ratio), 0) / list.length).toFixed(2));
});
console.log('geom. mean'.padEnd(14), ...means);
rmSync(dirname(BUNDLED_CHILD), { recursive: true });
