/**
 * Times one program in one engine: `child.ts ENGINE PROGRAM SECONDS`. Prints milliseconds of the best run and the first
 * result. The seconds are of processor time: on a busy machine V8 gets as far with its compilation as on an idle one. So
 * are the milliseconds where that is less than what the clock says: a run may be interrupted, or V8 busy on other threads.
 */
import { PREPARE } from './engines.ts';

const [engine = '', program = '', seconds = '1'] = process.argv.slice(2);
const run = await PREPARE[engine]?.(program);
if (run === undefined) throw new Error(`no engine ${engine}`);
/** By the clock, and of the processor, in milliseconds. */
function now(): readonly [number, number] {
  const { user, system } = process.cpuUsage();
  return [performance.now(), (user + system) / 1000];
}

function since([clock, processor]: readonly [number, number]): number {
  const [clockNow, processorNow] = now();
  return Math.min(clockNow - clock, processorNow - processor);
}

const begin = now();
const result = await run();
let best = since(begin);
while (process.cpuUsage().user < Number(seconds) * 1e6) {
  const start = now();
  const pending = run();
  if (pending instanceof Promise) await pending;
  best = Math.min(best, since(start));
}
console.log(best, result);
