/** Durations in the file: a bare number in the unit of the key, or Go's notation (`1m30s`, `500ms`); milliseconds once read. */
import * as z from 'zod';

const UNIT_MS: Readonly<Record<string, number>> = {
  ns: 1e-6,
  us: 1e-3,
  µs: 1e-3,
  μs: 1e-3,
  ms: 1,
  s: 1000,
  m: 60_000,
  h: 3_600_000,
};

const BARE_MS = { seconds: 1000, nanoseconds: 1e-6 } as const;

/** Schema of a duration. `bare` is the unit of a number without one, `fallback` the default in milliseconds. */
export function durationMs(options: { bare: keyof typeof BARE_MS; fallback: number }) {
  return z
    .union([z.number(), z.string()])
    .default(`${options.fallback}ms`)
    .transform((value, context) => {
      const read = readDuration(String(value), BARE_MS[options.bare]);
      if (read !== undefined) return read;
      context.addIssue({ code: 'custom', message: 'must be a duration, e.g. 90s or 1m30s' });
      return z.NEVER;
    });
}

/** Milliseconds of a text such as `90`, `1.5s` or `1m30s`; `undefined` when it is none. */
function readDuration(text: string, bareMs: number): number | undefined {
  const trimmed = text.trim();
  if (/^-?\d+(\.\d+)?$/.test(trimmed)) return Number(trimmed) * bareMs;
  if (!/^(\d+(\.\d+)?(ns|us|µs|μs|ms|s|m|h))+$/.test(trimmed)) return undefined;
  let total = 0;
  for (const [, amount, unit] of trimmed.matchAll(/(\d+(?:\.\d+)?)(ns|us|µs|μs|ms|s|m|h)/g)) {
    total += Number(amount) * (UNIT_MS[unit ?? ''] ?? 0);
  }
  return total;
}
