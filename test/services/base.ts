/** What most tests of services need: a log that is kept, a clock that stands still, a configuration from a few lines. */
import { type Config, parseConfig } from '../../runtime/config/index.ts';
import {
  type Clock,
  createLog,
  createMetrics,
  type Log,
  type LogSink,
  systemClock,
} from '../../runtime/services/index.ts';

/** A sink that keeps its lines. */
export function keepLines(): LogSink & { readonly lines: string[] } {
  const lines: string[] = [];
  return { lines, write: (line) => void lines.push(line), close: async () => undefined };
}

export interface TestClock extends Clock {
  /** Moves both times forward and fires what became due, in order. */
  advance(ms: number): void;
}

/** A clock that only moves when told to. */
export function testClock(start = Date.UTC(2024, 10, 21, 12, 0, 0)): TestClock {
  let passed = 0;
  const timers = new Set<{ due: number; every: number | undefined; action: () => void }>();
  const add = (ms: number, every: number | undefined, action: () => void) => {
    const timer = { due: passed + ms, every, action };
    timers.add(timer);
    return () => void timers.delete(timer);
  };
  const fire = (until: number) => {
    const next = [...timers].filter(({ due }) => due <= until).sort((a, b) => a.due - b.due)[0];
    if (next === undefined) return false;
    passed = Math.max(passed, next.due);
    if (next.every === undefined) timers.delete(next);
    else next.due += next.every;
    next.action();
    return true;
  };
  return {
    now: () => start + passed,
    monotonic: () => passed,
    after: (ms, action) => add(ms, undefined, action),
    every: (ms, action) => add(ms, ms, action),
    sleep: (ms) => new Promise((resolve) => add(ms, undefined, resolve)),
    advance: (ms) => {
      const until = passed + ms;
      while (fire(until));
      passed = until;
    },
  };
}

/** A valid configuration; `server` and `top` are YAML lines for the section server and for the top level. */
export function testConfig(options: { server?: readonly string[]; top?: readonly string[] } = {}): Config {
  const text = [
    'server:',
    '  backends: [lua]',
    ...(options.server ?? []).map((line) => `  ${line}`),
    'lua: { config: { backend_script_path: backend.lua } }',
    ...(options.top ?? []),
  ].join('\n');
  const { config, diagnostics } = parseConfig({ text, file: 'test.yml', env: {} });
  if (config === undefined) throw new Error(diagnostics.map(({ message }) => message).join('\n'));
  return config;
}

/** Log, metrics and clock for services that are opened one by one. */
export function testBase(level: 'error' | 'info' | 'debug' = 'debug') {
  const sink = keepLines();
  const options = { json: false, color: false, level, debug_modules: ['all' as const], instance: 'test' };
  const log: Log = createLog(options, { clock: systemClock, sink });
  const metrics = createMetrics(testConfig().server, { clock: systemClock, version: '0' });
  return { log, metrics, clock: systemClock, lines: sink.lines };
}
