/** Broken-down time as C's `localtime`, `gmtime`, `mktime` and `strftime` know it, in the C locale. */

export interface Calendar {
  readonly year: number;
  /** 0-11 */
  readonly month: number;
  readonly day: number;
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
  /** 0 = Sunday */
  readonly weekday: number;
  /** 0-365 */
  readonly yearDay: number;
  readonly isDst: boolean;
  /** Minutes east of Greenwich. */
  readonly offset: number;
  readonly zone: string;
  /** Seconds since 1970. */
  readonly time: number;
}

const DAY_MS = 86_400_000;

/** `gmtime`; undefined when the year is beyond what a date can hold. */
export function utcCalendar(time: number): Calendar | undefined {
  return calendarOf(new Date(time * 1000), time, { isDst: false, offset: 0, zone: 'GMT' });
}

/** `localtime`, in the zone of the process. */
export function localCalendar(time: number): Calendar | undefined {
  const date = new Date(time * 1000);
  if (Number.isNaN(date.getTime())) return undefined;
  const offset = -date.getTimezoneOffset();
  const shifted = new Date(date.getTime() + offset * 60_000);
  return calendarOf(shifted, time, { isDst: isDaylightSaving(date), offset, zone: zoneName(date) });
}

/** `shifted` holds the wall-clock time in its UTC fields. */
function calendarOf(
  shifted: Date,
  time: number,
  zone: Pick<Calendar, 'isDst' | 'offset' | 'zone'>,
): Calendar | undefined {
  if (Number.isNaN(shifted.getTime())) return undefined;
  const year = shifted.getUTCFullYear();
  return {
    year,
    month: shifted.getUTCMonth(),
    day: shifted.getUTCDate(),
    hour: shifted.getUTCHours(),
    minute: shifted.getUTCMinutes(),
    second: shifted.getUTCSeconds(),
    weekday: shifted.getUTCDay(),
    yearDay: Math.floor((shifted.getTime() - startOfYear(year)) / DAY_MS),
    time,
    ...zone,
  };
}

function startOfYear(year: number): number {
  return new Date(0).setUTCFullYear(year, 0, 1);
}

/** Daylight saving is on when the clock is ahead of the zone's least offset in that year. */
function isDaylightSaving(date: Date): boolean {
  const year = date.getFullYear();
  const january = new Date(year, 0, 1).getTimezoneOffset();
  const july = new Date(year, 6, 1).getTimezoneOffset();
  return date.getTimezoneOffset() < Math.max(january, july);
}

let zoneFormat: Intl.DateTimeFormat | undefined;

function zoneName(date: Date): string {
  // Making one loads the data of ICU, some 15 ms.
  zoneFormat ??= new Intl.DateTimeFormat('en-US', { timeZoneName: 'short' });
  return zoneFormat.formatToParts(date).find((part) => part.type === 'timeZoneName')?.value ?? '';
}

/** Fields of `mktime`; any of them may be out of its usual range. `month` is 1-12. */
export interface CalendarFields {
  readonly year: number;
  readonly month: number;
  readonly day: number;
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
  readonly isDst: boolean | undefined;
}

/** `mktime` in the zone of the process: seconds since 1970, undefined if they cannot be represented. */
export function timeOf(fields: CalendarFields): number | undefined {
  const date = new Date(2000, 0, 1);
  date.setFullYear(fields.year, fields.month - 1, fields.day);
  date.setHours(fields.hour, fields.minute, fields.second, 0);
  const time = date.getTime() / 1000;
  if (Number.isNaN(time)) return undefined;
  if (fields.isDst === undefined) return time;
  const isDst = isDaylightSaving(date);
  if (fields.isDst === isDst) return time;
  return fields.isDst ? time - 3600 : time + 3600;
}

const WEEKDAYS = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'] as const;
const MONTHS = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
] as const;

const two = (n: number) => String(n).padStart(2, '0');
const blank = (n: number) => String(n).padStart(2, ' ');
const twelve = (hour: number) => hour % 12 || 12;
const weekdayName = (c: Calendar) => WEEKDAYS[c.weekday] as string;
const monthName = (c: Calendar) => MONTHS[c.month] as string;
const clockTime = (c: Calendar) => `${two(c.hour)}:${two(c.minute)}:${two(c.second)}`;
const shortDate = (c: Calendar) => `${two(c.month + 1)}/${two(c.day)}/${two(modulo(c.year, 100))}`;
const halfDay = (c: Calendar) => (c.hour < 12 ? 'AM' : 'PM');

function modulo(n: number, by: number): number {
  return ((n % by) + by) % by;
}

const FORMATS: Readonly<Record<string, (c: Calendar) => string>> = {
  a: (c) => weekdayName(c).slice(0, 3),
  A: weekdayName,
  b: (c) => monthName(c).slice(0, 3),
  B: monthName,
  c: (c) => `${weekdayName(c).slice(0, 3)} ${monthName(c).slice(0, 3)} ${blank(c.day)} ${clockTime(c)} ${c.year}`,
  C: (c) => two(Math.floor(c.year / 100)),
  d: (c) => two(c.day),
  D: shortDate,
  e: (c) => blank(c.day),
  F: (c) => `${c.year}-${two(c.month + 1)}-${two(c.day)}`,
  g: (c) => two(modulo(isoWeek(c).year, 100)),
  G: (c) => String(isoWeek(c).year),
  h: (c) => monthName(c).slice(0, 3),
  H: (c) => two(c.hour),
  I: (c) => two(twelve(c.hour)),
  j: (c) => String(c.yearDay + 1).padStart(3, '0'),
  k: (c) => blank(c.hour),
  l: (c) => blank(twelve(c.hour)),
  m: (c) => two(c.month + 1),
  M: (c) => two(c.minute),
  n: () => '\n',
  p: halfDay,
  P: (c) => halfDay(c).toLowerCase(),
  r: (c) => `${two(twelve(c.hour))}:${two(c.minute)}:${two(c.second)} ${halfDay(c)}`,
  R: (c) => `${two(c.hour)}:${two(c.minute)}`,
  s: (c) => String(c.time),
  S: (c) => two(c.second),
  t: () => '\t',
  T: clockTime,
  u: (c) => String(c.weekday || 7),
  U: (c) => two(weekFrom(c, 0)),
  V: (c) => two(isoWeek(c).week),
  w: (c) => String(c.weekday),
  W: (c) => two(weekFrom(c, 1)),
  x: shortDate,
  X: clockTime,
  y: (c) => two(modulo(c.year, 100)),
  Y: (c) => String(c.year),
  z: (c) => `${c.offset < 0 ? '-' : '+'}${two(Math.floor(Math.abs(c.offset) / 60))}${two(Math.abs(c.offset) % 60)}`,
  Z: (c) => c.zone,
  '%': () => '%',
};

/** `strftime`. A verb it does not know stays as written; there are no modifiers, as in Lua 5.1. */
export function formatTime(format: string, calendar: Calendar): string {
  return format.replace(/%([\s\S])/g, (written, verb: string) => FORMATS[verb]?.(calendar) ?? written);
}

/** Week of the year when weeks begin on `firstDay` (0 = Sunday); days before the first one are in week 0. */
function weekFrom(c: Calendar, firstDay: number): number {
  return Math.floor((c.yearDay + 7 - modulo(c.weekday - firstDay, 7)) / 7);
}

/** ISO 8601: a week belongs to the year of its Thursday. */
function isoWeek(c: Calendar): { readonly year: number; readonly week: number } {
  const thursday = c.yearDay + 3 - modulo(c.weekday - 1, 7);
  if (thursday < 0) return { year: c.year - 1, week: Math.floor((thursday + daysIn(c.year - 1)) / 7) + 1 };
  const days = daysIn(c.year);
  if (thursday >= days) return { year: c.year + 1, week: Math.floor((thursday - days) / 7) + 1 };
  return { year: c.year, week: Math.floor(thursday / 7) + 1 };
}

function daysIn(year: number): number {
  return (startOfYear(year + 1) - startOfYear(year)) / DAY_MS;
}
