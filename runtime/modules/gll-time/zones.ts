/**
 * Time zones by IANA name. Offsets come from the runtime's own zone data (`Intl`), abbreviations from a table, so that
 * nothing depends on the files of the machine.
 */
import { ZONE_ABBREVIATIONS } from './zone-abbreviations.ts';

/** Why a name is no zone; `message` is what the script gets. */
export class UnknownZone extends Error {}

export interface Zone {
  /** Seconds east of UTC at a moment (seconds since 1970). */
  offsetAt(seconds: number): number;
  abbreviationAt(seconds: number, offset: number): string;
  /** The offset an abbreviation stands for near a wall clock reading; undefined when the zone does not use it. */
  offsetOfAbbreviation(abbreviation: string, reading: number): number | undefined;
  /** The moment at which clocks of the zone show `reading` (seconds as if it were UTC). */
  instantOf(reading: number): number;
}

export const UTC: Zone = Object.freeze({
  offsetAt: () => 0,
  abbreviationAt: () => 'UTC',
  offsetOfAbbreviation: (abbreviation: string) => (abbreviation === 'UTC' ? 0 : undefined),
  instantOf: (reading: number) => reading,
});

const opened = new Map<string, Zone>();

/** The zone of a name as Go's `LoadLocation` takes it: '' and `UTC`, `Local`, IANA names. Throws `UnknownZone`. */
export function zoneNamed(name: string): Zone {
  if (name === '' || name === 'UTC') return UTC;
  if (name === 'Local') return localZone();
  if (name.includes('..') || name.startsWith('/') || name.startsWith('\\')) {
    throw new UnknownZone('time: invalid location name');
  }
  const known = opened.get(name);
  if (known !== undefined) return known;
  const abbreviations = abbreviationsByZone().get(name);
  if (abbreviations === undefined) throw new UnknownZone(`unknown time zone ${name}`);
  const zone = new NamedZone(name, abbreviations);
  opened.set(name, zone);
  return zone;
}

let local: { readonly variable: string | undefined; readonly zone: Zone } | undefined;

/** The zone of the process, by the environment variable TZ or the system's setting. */
export function localZone(): Zone {
  const variable = process.env.TZ;
  if (local === undefined || local.variable !== variable) local = { variable, zone: findLocalZone() };
  return local.zone;
}

function findLocalZone(): Zone {
  const name = new Intl.DateTimeFormat().resolvedOptions().timeZone;
  return abbreviationsByZone().has(name) && name !== 'UTC' ? zoneNamed(name) : UTC;
}

/** An abbreviation of a zone: used for `offset` until the moment `until`. */
interface Abbreviation {
  readonly name: string;
  readonly offset: number;
  readonly until: number;
}

let table: ReadonlyMap<string, string> | undefined;

/** Zone name → its part of the table, still as text. */
function abbreviationsByZone(): ReadonlyMap<string, string> {
  if (table !== undefined) return table;
  const zones = new Map<string, string>();
  for (const line of ZONE_ABBREVIATIONS.replaceAll('\n ', ' ').split('\n')) {
    const [abbreviations, names] = line.split('|');
    for (const name of names?.split(' ') ?? []) zones.set(name, abbreviations!);
  }
  table = zones;
  return zones;
}

function readAbbreviations(text: string): readonly Abbreviation[] {
  return [...text.matchAll(/([^ =]+)=(-?[0-9]+)(s?)(?:<(-?[0-9]+))?/g)].map(([, name, number, inSeconds, until]) => ({
    name: name!,
    offset: Number(number) * (inSeconds === 's' ? 1 : 60),
    until: until === undefined ? Number.POSITIVE_INFINITY : Number(until),
  }));
}

/** `Date` and `Intl` end here; zones do not change any more beyond. */
const LAST_SECOND = 8_640_000_000_000;
/** From here on offsets change at quarters of an hour only, so that one answer holds for a quarter. */
const QUARTERS_FROM = 100_000_000;
const QUARTER = 900;

class NamedZone implements Zone {
  private readonly clock: Intl.DateTimeFormat;
  private readonly abbreviations: readonly Abbreviation[];
  private quarter = Number.NaN;
  private quarterOffset = 0;

  constructor(name: string, abbreviations: string) {
    this.clock = new Intl.DateTimeFormat('en-US', { timeZone: name, timeZoneName: 'longOffset' });
    this.abbreviations = readAbbreviations(abbreviations);
  }

  offsetAt(seconds: number): number {
    const quarter = Math.floor(seconds / QUARTER);
    if (quarter === this.quarter) return this.quarterOffset;
    const offset = this.readOffset(Math.max(-LAST_SECOND, Math.min(LAST_SECOND, seconds)));
    if (seconds > QUARTERS_FROM) {
      this.quarter = quarter;
      this.quarterOffset = offset;
    }
    return offset;
  }

  abbreviationAt(seconds: number, offset: number): string {
    const found = this.abbreviations.find((each) => each.offset === offset && seconds < each.until);
    if (found !== undefined) return found.name;
    const isLocalMean = seconds < 0 && (this.abbreviations.length > 0 || offset % 60 !== 0);
    return isLocalMean ? 'LMT' : offsetName(offset);
  }

  offsetOfAbbreviation(abbreviation: string, reading: number): number | undefined {
    const named = this.abbreviations.filter((each) => each.name === abbreviation);
    const fitting = named.find((each) => this.offsetAt(reading - each.offset) === each.offset);
    return (fitting ?? named[0])?.offset;
  }

  /** In a gap or an overlap the offset before the change counts, unless only the other one fits. */
  instantOf(reading: number): number {
    const guess = this.offsetAt(reading);
    if (guess === 0) return reading;
    const offset = this.offsetAt(reading - guess);
    return reading - offset;
  }

  private readOffset(seconds: number): number {
    const match = /GMT(?:([+-])([0-9]+):([0-9]+)(?::([0-9]+))?)?$/.exec(this.clock.format(seconds * 1000));
    if (match?.[1] === undefined) return 0;
    const size = Number(match[2]) * 3600 + Number(match[3]) * 60 + Number(match[4] ?? 0);
    return match[1] === '-' ? -size : size;
  }
}

/** How the tz database names an offset without abbreviation: `+03`, `+0545`. */
function offsetName(offset: number): string {
  const minutes = Math.floor(Math.abs(offset) / 60);
  const rest = minutes % 60;
  const text = String(Math.floor(minutes / 60)).padStart(2, '0') + (rest === 0 ? '' : String(rest).padStart(2, '0'));
  return (offset < 0 ? '-' : '+') + text;
}
