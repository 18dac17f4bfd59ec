/**
 * How fast is compiled Lua? Runs the programs of `lua/` in our engine and in whatever of `luajit` and `lua5.1` is
 * installed: `node --import tsx bench/engine/compare.ts [name…]`. Times are milliseconds per run, the best of several;
 * read ratios, not figures.
 */
import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { compileInMemory } from '../../compiler/build/in-memory.ts';
import { Budget, createEnvironment, type LuaFunction, type LuaValue, runTask } from '../../runtime/engine/api.ts';
import { standardLibraries, standardManifest } from '../../runtime/engine/stdlib/index.ts';

const FOLDER = fileURLToPath(new URL('lua/', import.meta.url));
const SECONDS = 1.5;

/** The same loop in Lua, for the other interpreters. */
const DRIVER = `
local run = assert(loadfile(arg[1]))()
local best, stop = math.huge, os.clock() + ${SECONDS}
repeat local t = os.clock() run() local d = os.clock() - t if d < best then best = d end until os.clock() > stop
print(best * 1000)`;

async function ourBest(name: string): Promise<number> {
  const source = readFileSync(FOLDER + name, 'latin1');
  const { chunks, diagnostics } = compileInMemory([{ name, source }], { globals: standardManifest, modules: [] });
  const chunk = chunks.get(name);
  if (chunk === undefined) throw new Error(diagnostics[0]?.message);
  const budget = new Budget({ deadlineMs: 1e6, blockingMs: 1e6, memoryBytes: 2 ** 32 });
  const task = { env: createEnvironment(standardLibraries), budget, host: undefined };
  const run = async (fn: LuaFunction): Promise<readonly LuaValue[]> => runTask(task, fn, []);
  const [fn] = await run(chunk.instantiate(task.env));
  let best = Number.POSITIVE_INFINITY;
  for (const stop = performance.now() + SECONDS * 1000; performance.now() < stop; ) {
    const start = performance.now();
    await run(fn as LuaFunction);
    best = Math.min(best, performance.now() - start);
  }
  return best;
}

function otherBest(program: string, options: readonly string[], name: string): number {
  const { stdout, status } = spawnSync(program, [...options, '-', FOLDER + name], { input: DRIVER, encoding: 'utf8' });
  return status === 0 ? Number(stdout) : Number.NaN;
}

const wanted = process.argv.slice(2);
const names = readdirSync(FOLDER).filter((name) => wanted.length === 0 || wanted.includes(name.replace('.lua', '')));
const ratios: number[][] = [[], []];
console.log(
  'program'.padEnd(14),
  'ours'.padStart(9),
  'luajit'.padStart(9),
  'lua5.1'.padStart(9),
  '  ours/luajit  ours/lua5.1',
);
for (const name of names) {
  const ours = await ourBest(name);
  const others = [otherBest('luajit', [], name), otherBest('lua5.1', [], name)];
  others.forEach((other, i) => {
    ratios[i]?.push(ours / other);
  });
  const cells = [ours, ...others].map((ms) => ms.toFixed(2).padStart(9));
  console.log(name.padEnd(14), ...cells, ...others.map((other) => (ours / other).toFixed(2).padStart(12)));
}
const mean = (list: readonly number[]): string =>
  Math.exp(list.reduce((a, b) => a + Math.log(b), 0) / list.length).toFixed(2);
console.log('geometric mean'.padEnd(44), ...ratios.map((list) => mean(list).padStart(12)));
