/**
 * How long other requests take while scripts that may wait spin for their whole deadline: `npm run bench:fairness`.
 * A request is a run of a short script that waits once; they start every few milliseconds. Processor time (of all threads
 * of the process) is what they would take on an idle machine at most: nothing here waits for anything else.
 */
import { compileInMemory } from '../../compiler/build/in-memory.ts';
import type { CompiledChunk } from '../../runtime/contract/abi.ts';
import type { HostManifest } from '../../runtime/contract/host.ts';
import { Budget, createEnvironment, nameBuiltin, runTask, setGlobal, waitFor } from '../../runtime/engine/api.ts';
import { describe } from '../../runtime/engine/stdlib/describe.ts';
import { standardLibraries, standardManifest } from '../../runtime/engine/stdlib/index.ts';

const DEADLINE_MS = 3000;
const BETWEEN_REQUESTS_MS = 3;
const MEMORY_BYTES = 256 << 20;

const manifest: HostManifest = {
  globals: [...standardManifest, describe('io', 'wait(...: any): any', 'A turn of the event loop.')],
  modules: [],
};

const wait = nameBuiltin(function* () {
  yield* waitFor(new Promise<void>((resolve) => setImmediate(resolve)));
  return undefined;
}, 'wait');

const PROGRAMS: Readonly<Record<string, string>> = {
  request: 'local t = {} for i = 1, 100 do t[i] = i end wait() table.sort(t) return #t',
  'a loop': 'wait() local n = 0 while true do n = n + 1 end',
  'calls and tables':
    'wait() local function f(n) if n < 2 then return {n} end return {f(n - 1), f(n - 2)} end while true do f(12) end',
  'patterns and strings': 'wait() local s = ("ab "):rep(1000) while true do s:gsub("%w+", "<%0>") s:find("x.-y") end',
  'sorting with a function':
    'wait() local t = {} while true do for i = 1, 2000 do t[i] = i * 7919 % 2003 end table.sort(t, function(a, b) return a < b end) end',
  'sorting 100,000 numbers':
    'wait() while true do local t = {} for i = 1, 100000 do t[i] = i * 7919 % 100003 end table.sort(t) end',
  'sorting 100,000 numbers with a function':
    'wait() while true do local t = {} for i = 1, 100000 do t[i] = i * 7919 % 100003 end table.sort(t, function(a, b) return a > b end) end',
  'one long pattern': 'wait() while true do ("a"):rep(400):find(".-.-.-b$") end',
  'gsub of a long text': 'wait() local s = ("ab "):rep(100000) while true do s:gsub("%w+", string.upper) end',
};

const { chunks } = compileInMemory(
  Object.entries(PROGRAMS).map(([name, source]) => ({ name, source })),
  manifest,
);

async function run(name: string, deadlineMs: number): Promise<void> {
  const env = createEnvironment(standardLibraries);
  setGlobal(env, 'wait', wait);
  const budget = new Budget({ deadlineMs, memoryBytes: MEMORY_BYTES });
  const chunk = chunks.get(name) as CompiledChunk;
  try {
    await runTask({ env, budget, host: undefined }, chunk.instantiate(env), []);
  } catch {
    // A script that spins ends by its deadline.
  }
}

interface Times {
  readonly clock: readonly number[];
  readonly processor: readonly number[];
}

function processorMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

async function measure(spinning: readonly string[]): Promise<Times> {
  const clock: number[] = [];
  const processor: number[] = [];
  const started = performance.now();
  const timer = setInterval(async () => {
    const start = performance.now();
    const used = processorMs();
    await run('request', DEADLINE_MS);
    clock.push(performance.now() - start);
    processor.push(processorMs() - used);
  }, BETWEEN_REQUESTS_MS);
  if (spinning.length === 0) await new Promise((resolve) => setTimeout(resolve, DEADLINE_MS));
  await Promise.all(spinning.map((name) => run(name, DEADLINE_MS)));
  clearInterval(timer);
  console.error(`${spinning.join(' + ') || 'nothing'}: ${Math.round(performance.now() - started)} ms`);
  const sorted = (times: number[]): number[] => times.sort((a, b) => a - b);
  return { clock: sorted(clock), processor: sorted(processor) };
}

const at = (times: readonly number[], share: number): string =>
  (times[Math.min(times.length - 1, Math.floor(times.length * share))] ?? Number.NaN).toFixed(1);

console.log(
  '| while this spins | requests | p50, ms | p99, ms | p50, processor | p99, processor | slowest, processor |',
);
console.log('|---|---|---|---|---|---|---|');
const spinners = Object.keys(PROGRAMS).filter((name) => name !== 'request');
for (const spinning of [[], ...spinners.map((name) => [name]), spinners]) {
  const times = await measure(spinning);
  const label = spinning.length > 1 ? 'all of them' : (spinning[0] ?? 'nothing');
  const { clock, processor } = times;
  const cells = [at(clock, 0.5), at(clock, 0.99), at(processor, 0.5), at(processor, 0.99), at(processor, 1)];
  console.log(`| ${label} | ${clock.length} | ${cells.join(' | ')} |`);
}
