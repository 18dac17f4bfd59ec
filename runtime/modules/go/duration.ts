/** Durations as Go writes them: `1m30s`, `500ms`, `-1.5h` (package time, ParseDuration). */

/** The text is no duration; the message is Go's. */
export class InvalidDuration extends Error {}

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

/** Milliseconds; throws InvalidDuration. */
export function parseDuration(text: string): number {
  const quoted = JSON.stringify(text);
  const [, sign, amounts = ''] = /^([+-]?)(.*)$/s.exec(text) ?? [];
  if (amounts === '0') return 0;
  if (amounts === '') throw new InvalidDuration(`time: invalid duration ${quoted}`);
  let total = 0;
  let rest = amounts;
  while (rest !== '') {
    const [part, amount, unit] = /^(\d+\.?\d*|\.\d+)([^\d.]*)/.exec(rest) ?? [];
    if (part === undefined || amount === undefined) throw new InvalidDuration(`time: invalid duration ${quoted}`);
    if (unit === '') throw new InvalidDuration(`time: missing unit in duration ${quoted}`);
    const factor = UNIT_MS[unit ?? ''];
    if (factor === undefined) {
      throw new InvalidDuration(`time: unknown unit ${JSON.stringify(unit)} in duration ${quoted}`);
    }
    total += Number(amount) * factor;
    rest = rest.slice(part.length);
  }
  return sign === '-' ? -total : total;
}
