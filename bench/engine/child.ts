/**
 * Times one program in one engine: `child.ts ENGINE PROGRAM SECONDS`. Prints milliseconds of the best run and the first
 * result. The seconds are of processor time: on a busy machine V8 gets as far with its compilation as on an idle one.
 */
import { PREPARE } from './engines.ts';

const [engine = '', program = '', seconds = '1'] = process.argv.slice(2);
const run = await PREPARE[engine]?.(program);
if (run === undefined) throw new Error(`no engine ${engine}`);
const begin = performance.now();
const result = await run();
let best = performance.now() - begin;
while (process.cpuUsage().user < Number(seconds) * 1e6) {
  const start = performance.now();
  const pending = run();
  if (pending instanceof Promise) await pending;
  best = Math.min(best, performance.now() - start);
}
console.log(best, result);
