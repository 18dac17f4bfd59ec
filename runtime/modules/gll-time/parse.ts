/** Reading times in a layout, as Go's `time.ParseInLocation`, with its error texts. */
import { DAYS_BEFORE, daysInMonth, isLeapYear, MONTHS, secondsOf, WEEKDAYS } from './calendar.ts';
import { elementsOf, type FieldName, isDigit, type LayoutElement } from './layout.ts';
import type { Zone } from './zones.ts';

/** A point in time: whole seconds since 1970 and nanoseconds 0-999999999. */
export interface ParsedTime {
  readonly seconds: number;
  readonly nanosecond: number;
}

/** Why a text is no time in the layout; `message` is what the script gets. */
export class TimeParseError extends Error {}

/** The value does not have the form of the element. */
class Mismatch extends Error {}

/** The form is right, the number is not: `month out of range`. */
class OutOfRange extends Error {}

/** What has been read so far; -1 and undefined mean: not in the value. */
class Fields {
  rest: string;
  year = 0;
  month = -1;
  day = -1;
  yearDay = -1;
  hour = 0;
  minute = 0;
  second = 0;
  nanosecond = 0;
  half: 'am' | 'pm' | undefined = undefined;
  offset: number | undefined = undefined;
  zoneName = '';

  constructor(value: string) {
    this.rest = value;
  }

  /** Takes `length` characters off the front. */
  take(length: number): string {
    if (this.rest.length < length) throw new Mismatch();
    const taken = this.rest.slice(0, length);
    this.rest = this.rest.slice(length);
    return taken;
  }
}

/**
 * Where the value names no zone it is read in `zone`; a zone abbreviation is looked up in `named`. Throws
 * `TimeParseError`.
 */
export function parseTime(value: string, layout: string, zone: Zone, named: () => Zone): ParsedTime {
  const fields = new Fields(value);
  const elements = elementsOf(layout);
  elements.forEach((element, at) => {
    const held = fields.rest;
    try {
      readElement(fields, element, elements[at + 1]);
    } catch (error) {
      if (error instanceof OutOfRange) throw failure(value, `: ${error.message} out of range`);
      if (!(error instanceof Mismatch)) throw error;
      const where = element.kind === 'literal' ? fields.rest : held;
      const what = `cannot parse ${quote(where)} as ${quote(element.text)}`;
      throw new TimeParseError(`parsing time ${quote(value)} as ${quote(layout)}: ${what}`);
    }
  });
  if (fields.rest !== '') throw failure(value, `: extra text: ${quote(fields.rest)}`);
  completeDate(fields, value);
  return { seconds: instantOf(fields, zone, named), nanosecond: fields.nanosecond };
}

function failure(value: string, detail: string): TimeParseError {
  return new TimeParseError(`parsing time ${quote(value)}${detail}`);
}

/** Go's quoting of the value: everything that is not printable ASCII as bytes in hexadecimal. */
function quote(text: string): string {
  let quoted = '';
  for (const character of text) {
    const code = character.charCodeAt(0);
    if (character === '"' || character === '\\') quoted += `\\${character}`;
    else quoted += code < 32 || code >= 128 ? `\\x${code.toString(16).padStart(2, '0')}` : character;
  }
  return `"${quoted}"`;
}

function readElement(fields: Fields, element: LayoutElement, next: LayoutElement | undefined): void {
  if (element.kind === 'literal') skipLiteral(fields, element.text);
  else if (element.kind === 'field') READERS[element.text](fields, next);
  else if (element.trims) readLooseFraction(fields);
  else fields.nanosecond = nanosecondsOf(fields.take(element.digits + 1));
}

/** A run of blanks in the layout stands for any run of blanks, none included only at the end of the value. */
function skipLiteral(fields: Fields, literal: string): void {
  let at = 0;
  while (at < literal.length) {
    if (literal[at] === ' ') {
      if (fields.rest !== '' && fields.rest[0] !== ' ') throw new Mismatch();
      while (literal[at] === ' ') at += 1;
      fields.rest = fields.rest.replace(/^ +/, '');
    } else {
      if (fields.rest[0] !== literal[at]) throw new Mismatch();
      at += 1;
      fields.rest = fields.rest.slice(1);
    }
  }
}

/** One or two digits; exactly two when `fixed`. */
function readNumber(fields: Fields, fixed: boolean): number {
  if (!isDigit(fields.rest, 0)) throw new Mismatch();
  if (isDigit(fields.rest, 1)) return Number(fields.take(2));
  if (fixed) throw new Mismatch();
  return Number(fields.take(1));
}

function readInRange(fields: Fields, fixed: boolean, low: number, high: number, name: string): number {
  const value = readNumber(fields, fixed);
  if (value < low || value > high) throw new OutOfRange(name);
  return value;
}

function readName(fields: Fields, names: readonly string[], length?: number): number {
  const start = fields.rest.toLowerCase();
  const found = names.findIndex((name) => start.startsWith(name.slice(0, length).toLowerCase()));
  if (found < 0) throw new Mismatch();
  fields.take((length === undefined ? names[found]! : names[found]!.slice(0, length)).length);
  return found;
}

function skipBlank(fields: Fields): void {
  if (fields.rest[0] === ' ') fields.rest = fields.rest.slice(1);
}

function readYearDay(fields: Fields, fixed: boolean): number {
  let length = 0;
  while (length < 3 && isDigit(fields.rest, length)) length += 1;
  if (length === 0 || (fixed && length !== 3)) throw new Mismatch();
  return Number(fields.take(length));
}

function readDigits(fields: Fields, length: number): number {
  const digits = fields.take(length);
  if (!/^[0-9]+$/.test(digits)) throw new Mismatch();
  return Number(digits);
}

function readShortYear(fields: Fields): number {
  const year = readDigits(fields, 2);
  return year >= 69 ? year + 1900 : year + 2000;
}

/** Seconds may carry a fraction even where the layout has none. */
function readSecond(fields: Fields, fixed: boolean, next: LayoutElement | undefined): void {
  fields.second = readInRange(fields, fixed, 0, 59, 'second');
  if (next?.kind === 'fraction' || !startsFraction(fields.rest)) return;
  readLooseFraction(fields);
}

function startsFraction(text: string): boolean {
  return (text[0] === '.' || text[0] === ',') && isDigit(text, 1);
}

function readLooseFraction(fields: Fields): void {
  if (!startsFraction(fields.rest)) return;
  let length = 2;
  while (isDigit(fields.rest, length)) length += 1;
  fields.nanosecond = nanosecondsOf(fields.take(length));
}

/** `.25` as nanoseconds; digits beyond the ninth are dropped. */
function nanosecondsOf(fraction: string): number {
  const digits = fraction.slice(1, 10);
  if (!/^[.,][0-9]+$/.test(fraction)) throw new Mismatch();
  return Number(digits.padEnd(9, '0'));
}

function readHalf(fields: Fields, lower: boolean): void {
  const text = fields.take(2);
  const half = text.toLowerCase();
  if ((half !== 'am' && half !== 'pm') || text !== (lower ? half : half.toUpperCase())) throw new Mismatch();
  fields.half = half;
}

/** An offset such as `+01:00`; the shape says where digits and colons stand. */
function readOffset(fields: Fields, shape: RegExp, length: number, allowZ: boolean): void {
  if (allowZ && fields.rest[0] === 'Z') {
    fields.take(1);
    fields.offset = 0;
    return;
  }
  const match = shape.exec(fields.take(length));
  if (match === null) throw new Mismatch();
  const [hours = 0, minutes = 0, seconds = 0] = match.slice(2).map(Number);
  if (hours > 24) throw new OutOfRange('time zone offset hour');
  if (minutes > 60) throw new OutOfRange('time zone offset minute');
  if (seconds > 60) throw new OutOfRange('time zone offset second');
  fields.offset = ((hours * 60 + minutes) * 60 + seconds) * (match[1] === '-' ? -1 : 1);
}

function readZoneName(fields: Fields): void {
  if (fields.rest.startsWith('UTC')) {
    fields.take(3);
    fields.offset = 0;
    return;
  }
  const length = zoneNameLength(fields.rest);
  if (length === 0) throw new Mismatch();
  fields.zoneName = fields.take(length);
}

/** How much of the text is a zone abbreviation: three or four capitals, `GMT+3`, `+03`, and a few odd ones. */
function zoneNameLength(text: string): number {
  if (text.length < 3) return 0;
  if (text.startsWith('ChST') || text.startsWith('MeST')) return 4;
  if (text.startsWith('GMT')) return 3 + signedHourLength(text.slice(3));
  if (text[0] === '+' || text[0] === '-') return signedHourLength(text);
  const capitals = /^[A-Z]{0,6}/.exec(text)![0].length;
  if (capitals === 5) return text[4] === 'T' ? 5 : 0;
  if (capitals === 4) return text[3] === 'T' || text.startsWith('WITA') ? 4 : 0;
  return capitals === 3 ? 3 : 0;
}

function signedHourLength(text: string): number {
  const match = /^[+-]([0-9]+)/.exec(text);
  return match === null || Number(match[1]) > 23 ? 0 : match[0].length;
}

/** A day of the year becomes month and day; what is missing becomes the first; the day must exist in its month. */
function completeDate(fields: Fields, value: string): void {
  if (fields.half === 'pm' && fields.hour < 12) fields.hour += 12;
  else if (fields.half === 'am' && fields.hour === 12) fields.hour = 0;
  if (fields.yearDay >= 0) applyYearDay(fields, value);
  if (fields.month < 0) fields.month = 1;
  if (fields.day < 0) fields.day = 1;
  if (fields.day < 1 || fields.day > daysInMonth(fields.month, fields.year)) {
    throw failure(value, ': day out of range');
  }
}

function applyYearDay(fields: Fields, value: string): void {
  const leapDay = isLeapYear(fields.year) && fields.yearDay === 60;
  const plain = isLeapYear(fields.year) && fields.yearDay > 60 ? fields.yearDay - 1 : fields.yearDay;
  if (plain < 1 || plain > 365) throw failure(value, ': day-of-year out of range');
  const month = leapDay ? 2 : DAYS_BEFORE.findIndex((days) => days >= plain);
  const day = leapDay ? 29 : plain - DAYS_BEFORE[month - 1]!;
  if (fields.month >= 0 && fields.month !== month) throw failure(value, ': day-of-year does not match month');
  if (fields.day >= 0 && fields.day !== day) throw failure(value, ': day-of-year does not match day');
  fields.month = month;
  fields.day = day;
}

function instantOf(fields: Fields, zone: Zone, named: () => Zone): number {
  const reading = secondsOf(fields);
  if (fields.offset !== undefined) return reading - fields.offset;
  if (fields.zoneName !== '') return reading - (named().offsetOfAbbreviation(fields.zoneName, reading) ?? 0);
  return zone.instantOf(reading);
}

const PLAIN_OFFSET = /^([+-])([0-9]{2})([0-9]{2})$/;
const LONG_OFFSET = /^([+-])([0-9]{2})([0-9]{2})([0-9]{2})$/;
const SHORT_OFFSET = /^([+-])([0-9]{2})$/;
const COLON_OFFSET = /^([+-])([0-9]{2}):([0-9]{2})$/;
const LONG_COLON_OFFSET = /^([+-])([0-9]{2}):([0-9]{2}):([0-9]{2})$/;

type Reader = (fields: Fields, next: LayoutElement | undefined) => void;

const READERS: Readonly<Record<FieldName, Reader>> = {
  January: (into) => {
    into.month = readName(into, MONTHS) + 1;
  },
  Jan: (into) => {
    into.month = readName(into, MONTHS, 3) + 1;
  },
  '1': (into) => {
    into.month = readInRange(into, false, 1, 12, 'month');
  },
  '01': (into) => {
    into.month = readInRange(into, true, 1, 12, 'month');
  },
  Monday: (into) => {
    readName(into, WEEKDAYS);
  },
  Mon: (into) => {
    readName(into, WEEKDAYS, 3);
  },
  '2': (into) => {
    into.day = readNumber(into, false);
  },
  _2: (into) => {
    skipBlank(into);
    into.day = readNumber(into, false);
  },
  '02': (into) => {
    into.day = readNumber(into, true);
  },
  __2: (into) => {
    skipBlank(into);
    skipBlank(into);
    into.yearDay = readYearDay(into, false);
  },
  '002': (into) => {
    into.yearDay = readYearDay(into, true);
  },
  '15': (into) => {
    into.hour = readInRange(into, false, 0, 23, 'hour');
  },
  '3': (into) => {
    into.hour = readInRange(into, false, 0, 12, 'hour');
  },
  '03': (into) => {
    into.hour = readInRange(into, true, 0, 12, 'hour');
  },
  '4': (into) => {
    into.minute = readInRange(into, false, 0, 59, 'minute');
  },
  '04': (into) => {
    into.minute = readInRange(into, true, 0, 59, 'minute');
  },
  '5': (into, next) => readSecond(into, false, next),
  '05': (into, next) => readSecond(into, true, next),
  '2006': (into) => {
    into.year = readDigits(into, 4);
  },
  '06': (into) => {
    into.year = readShortYear(into);
  },
  PM: (into) => readHalf(into, false),
  pm: (into) => readHalf(into, true),
  MST: readZoneName,
  Z0700: (into) => readOffset(into, PLAIN_OFFSET, 5, true),
  Z070000: (into) => readOffset(into, LONG_OFFSET, 7, true),
  Z07: (into) => readOffset(into, SHORT_OFFSET, 3, true),
  'Z07:00': (into) => readOffset(into, COLON_OFFSET, 6, true),
  'Z07:00:00': (into) => readOffset(into, LONG_COLON_OFFSET, 9, true),
  '-0700': (into) => readOffset(into, PLAIN_OFFSET, 5, false),
  '-070000': (into) => readOffset(into, LONG_OFFSET, 7, false),
  '-07': (into) => readOffset(into, SHORT_OFFSET, 3, false),
  '-07:00': (into) => readOffset(into, COLON_OFFSET, 6, false),
  '-07:00:00': (into) => readOffset(into, LONG_COLON_OFFSET, 9, false),
};
