/** Durations as Go prints them (`3.214ms`, `1m2.5s`), for latency values in logs. */

/** Text of a duration given in milliseconds; nanosecond resolution, no trailing zeros. */
export function formatDuration(milliseconds: number): string {
  const ns = Math.round(Math.abs(milliseconds) * 1e6);
  if (ns === 0) return '0s';
  const sign = milliseconds < 0 ? '-' : '';
  if (ns < 1000) return `${sign}${ns}ns`;
  if (ns < 1_000_000) return `${sign}${decimal(ns, 1000)}µs`;
  if (ns < 1_000_000_000) return `${sign}${decimal(ns, 1_000_000)}ms`;
  return sign + clockText(ns);
}

function clockText(ns: number): string {
  const minutes = Math.floor(ns / 60e9);
  const seconds = `${decimal(ns - minutes * 60e9, 1e9)}s`;
  if (minutes === 0) return seconds;
  const hours = Math.floor(minutes / 60);
  return hours === 0 ? `${minutes}m${seconds}` : `${hours}h${minutes % 60}m${seconds}`;
}

/** `ns / unit` without rounding errors and without trailing zeros; `unit` is a power of ten. */
function decimal(ns: number, unit: number): string {
  const whole = Math.floor(ns / unit);
  const rest = ns - whole * unit;
  if (rest === 0) return String(whole);
  const digits = String(rest).padStart(String(unit).length - 1, '0');
  return `${whole}.${digits.replace(/0+$/, '')}`;
}
