/** Writing times in a layout, as Go's `Time.Format`. */
import { type CivilTime, civilOf, MONTHS, WEEKDAYS } from './calendar.ts';
import { elementsOf, type FieldName, type LayoutElement } from './layout.ts';
import type { Zone } from './zones.ts';

interface Moment {
  readonly civil: CivilTime;
  readonly nanosecond: number;
  /** Seconds east of UTC. */
  readonly offset: number;
  readonly abbreviation: string;
}

/** Times beyond are cut to this: whole seconds are exact up to here. */
const FURTHEST = Number.MAX_SAFE_INTEGER;

/** `seconds` since 1970, a fraction counts downwards from the whole seconds as in `time.Unix(sec, nsec)`. */
export function formatTime(seconds: number, layout: string, zone: Zone): string {
  const whole = Math.max(-FURTHEST, Math.min(FURTHEST, Math.trunc(Number.isNaN(seconds) ? -FURTHEST : seconds)));
  const nanoseconds = Math.abs(whole) === FURTHEST ? 0 : Math.trunc((seconds - whole) * 1e9);
  const second = nanoseconds < 0 ? whole - 1 : whole;
  const offset = zone.offsetAt(second);
  const moment: Moment = {
    civil: civilOf(second + offset),
    nanosecond: nanoseconds < 0 ? nanoseconds + 1e9 : nanoseconds,
    offset,
    abbreviation: zone.abbreviationAt(second, offset),
  };
  let text = '';
  for (const element of elementsOf(layout)) text += formatElement(element, moment);
  return text;
}

function formatElement(element: LayoutElement, moment: Moment): string {
  if (element.kind === 'literal') return element.text;
  if (element.kind === 'field') return WRITERS[element.text](moment);
  const digits = String(moment.nanosecond).padStart(9, '0').slice(0, element.digits).padEnd(element.digits, '0');
  if (!element.trims) return element.text[0]! + digits;
  const trimmed = digits.replace(/0+$/, '');
  return trimmed === '' ? '' : element.text[0]! + trimmed;
}

const two = (value: number): string => (value < 10 ? `0${value}` : String(value));
const hour12 = (hour: number): number => hour % 12 || 12;

function fourDigits(year: number): string {
  return year < 0 ? `-${String(-year).padStart(4, '0')}` : String(year).padStart(4, '0');
}

/** `colon` between hours, minutes and seconds; `parts` of them. */
function offsetText(offset: number, parts: 1 | 2 | 3, colon: string): string {
  const absolute = Math.abs(offset);
  const minutes = Math.trunc(absolute / 60);
  const numbers = [Math.trunc(minutes / 60), minutes % 60, absolute % 60].slice(0, parts);
  return (offset <= -60 ? '-' : '+') + numbers.map(two).join(colon);
}

function offsetOrZ(offset: number, parts: 1 | 2 | 3, colon: string): string {
  return offset === 0 ? 'Z' : offsetText(offset, parts, colon);
}

const WRITERS: Readonly<Record<FieldName, (moment: Moment) => string>> = {
  January: (at) => MONTHS[at.civil.month - 1]!,
  Jan: (at) => MONTHS[at.civil.month - 1]!.slice(0, 3),
  '1': (at) => String(at.civil.month),
  '01': (at) => two(at.civil.month),
  Monday: (at) => WEEKDAYS[at.civil.weekday]!,
  Mon: (at) => WEEKDAYS[at.civil.weekday]!.slice(0, 3),
  '2': (at) => String(at.civil.day),
  _2: (at) => String(at.civil.day).padStart(2, ' '),
  '02': (at) => two(at.civil.day),
  __2: (at) => String(at.civil.yearDay).padStart(3, ' '),
  '002': (at) => String(at.civil.yearDay).padStart(3, '0'),
  '15': (at) => two(at.civil.hour),
  '3': (at) => String(hour12(at.civil.hour)),
  '03': (at) => two(hour12(at.civil.hour)),
  '4': (at) => String(at.civil.minute),
  '04': (at) => two(at.civil.minute),
  '5': (at) => String(at.civil.second),
  '05': (at) => two(at.civil.second),
  '2006': (at) => fourDigits(at.civil.year),
  '06': (at) => two(Math.max(at.civil.year, 0) % 100),
  PM: (at) => (at.civil.hour >= 12 ? 'PM' : 'AM'),
  pm: (at) => (at.civil.hour >= 12 ? 'pm' : 'am'),
  MST: (at) => at.abbreviation,
  Z0700: (at) => offsetOrZ(at.offset, 2, ''),
  Z070000: (at) => offsetOrZ(at.offset, 3, ''),
  Z07: (at) => offsetOrZ(at.offset, 1, ''),
  'Z07:00': (at) => offsetOrZ(at.offset, 2, ':'),
  'Z07:00:00': (at) => offsetOrZ(at.offset, 3, ':'),
  '-0700': (at) => offsetText(at.offset, 2, ''),
  '-070000': (at) => offsetText(at.offset, 3, ''),
  '-07': (at) => offsetText(at.offset, 1, ''),
  '-07:00': (at) => offsetText(at.offset, 2, ':'),
  '-07:00:00': (at) => offsetText(at.offset, 3, ':'),
};
