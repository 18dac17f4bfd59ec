/** Times one program in one engine: `child.ts ENGINE PROGRAM SECONDS`. Prints milliseconds of the best run and the first result. */
import { PREPARE } from './engines.ts';

const [engine = '', program = '', seconds = '1'] = process.argv.slice(2);
const run = await PREPARE[engine]?.(program);
if (run === undefined) throw new Error(`no engine ${engine}`);
const stop = performance.now() + Number(seconds) * 1000;
const begin = performance.now();
const result = await run();
let best = performance.now() - begin;
while (performance.now() < stop) {
  const start = performance.now();
  const pending = run();
  if (pending instanceof Promise) await pending;
  best = Math.min(best, performance.now() - start);
}
console.log(best, result);
