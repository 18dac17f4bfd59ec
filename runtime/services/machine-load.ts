/** What the processors of the machine do, as Linux counts it (`/proc/stat`, proc(5)); nothing elsewhere. */
import { readFileSync } from 'node:fs';
import type { Clock } from './clock.ts';

/** In the order of the file; times of guests are part of `user` and `nice`. */
const STATES = ['user', 'nice', 'system', 'idle', 'iowait', 'irq', 'softirq', 'steal'] as const;
type State = (typeof STATES)[number];

/** Those that have a metric, `cpu_<state>_usage_percent`. */
export const LOAD_STATES = ['user', 'system', 'idle', 'nice', 'iowait', 'steal'] as const satisfies readonly State[];

/** Questions closer together than this are about the same stretch of time. */
const SAME_MS = 1000;

/** Percent of the time that went to a state since somebody asked before, at first since the machine was started. */
export function createMachineLoad(clock: Clock): (state: State) => number {
  let earlier = STATES.map(() => 0);
  let shares = earlier;
  let askedAt = Number.NEGATIVE_INFINITY;
  return (state) => {
    const now = clock.monotonic();
    if (now - askedAt >= SAME_MS) {
      askedAt = now;
      const ticks = readTicks();
      const spent = ticks.map((count, at) => Math.max(0, count - (earlier[at] ?? 0)));
      const total = spent.reduce((sum, count) => sum + count, 0);
      shares = spent.map((count) => (total === 0 ? 0 : (100 * count) / total));
      earlier = ticks;
    }
    return shares[STATES.indexOf(state)] ?? 0;
  };
}

function readTicks(): number[] {
  try {
    const [, counts = ''] = /^cpu +(.*)$/m.exec(readFileSync('/proc/stat', 'latin1')) ?? [];
    const numbers = counts.split(' ').map(Number);
    return STATES.map((_, at) => numbers[at] ?? 0);
  } catch {
    return STATES.map(() => 0);
  }
}
