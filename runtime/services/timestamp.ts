/** Time stamps of log lines: RFC 3339 with nanoseconds in the local time zone. */
import type { Clock } from './clock.ts';

/**
 * A function that gives the current time as text. The part down to the second and the zone are computed once a second,
 * since formatting a date costs more than the rest of a log line.
 */
export function createTimestamp(clock: Clock): () => string {
  let second = Number.NaN;
  let prefix = '';
  let zone = '';
  return () => {
    const now = clock.now();
    const current = Math.floor(now / 1000);
    if (current !== second) {
      second = current;
      const date = new Date(current * 1000);
      prefix = localText(date);
      zone = zoneText(date.getTimezoneOffset());
    }
    return prefix + fraction(Math.floor((now - current * 1000) * 1e6)) + zone;
  };
}

/** `.00025` for 250,000 ns, nothing for 0: digits of a number that begins with 1 keep the leading zeros. */
function fraction(nanoseconds: number): string {
  if (nanoseconds === 0) return '';
  let digits = 1_000_000_000 + nanoseconds;
  while (digits % 10 === 0) digits /= 10;
  return `.${String(digits).slice(1)}`;
}

function localText(date: Date): string {
  const day = `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
  return `${day}T${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}`;
}

/** `offset` as JavaScript gives it: minutes to add to local time to get UTC. */
function zoneText(offset: number): string {
  if (offset === 0) return 'Z';
  const minutes = Math.abs(offset);
  return `${offset > 0 ? '-' : '+'}${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`;
}

function two(value: number): string {
  return String(value).padStart(2, '0');
}
