/** Sizes, quantities and times as people write them, as the module `humanize` of gopher-lua-libs. */
import {
  argumentError,
  attempt,
  defineModule,
  error,
  fromUtf8,
  int,
  nilAndMessage,
  num,
  pure,
  result,
  str,
  sync,
} from '../host/index.ts';

const BINARY_UNITS = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB', 'EiB'];

function binarySize(bytes: number): string {
  if (bytes < 10) return `${bytes} B`;
  const exponent = Math.min(Math.floor(Math.log(bytes) / Math.log(1024)), BINARY_UNITS.length - 1);
  const value = Math.floor((bytes / 1024 ** exponent) * 10 + 0.5) / 10;
  const digits = value < 10 && exponent > 0 ? value.toFixed(1) : value.toFixed(0);
  return `${digits} ${BINARY_UNITS[exponent]}`;
}

/** Powers of the prefixes of sizes; `b` alone is bytes. */
const SIZE_PREFIXES = 'kmgtpe';
const LARGEST_SIZE = 2 ** 64;

class UnreadableSize extends Error {}

function parseSize(text: string): number {
  const [, digits = '', unit = ''] = /^([0-9.,]*)(.*)$/s.exec(text) ?? [];
  const plain = digits.replaceAll(',', '');
  if (!/^(?:[0-9]+\.?[0-9]*|\.[0-9]+)$/.test(plain)) {
    throw new UnreadableSize(`strconv.ParseFloat: parsing "${plain}": invalid syntax`);
  }
  const size = Number(plain) * factorOf(unit.trim().toLowerCase());
  if (size >= LARGEST_SIZE) throw new UnreadableSize(`too large: ${text}`);
  return Math.trunc(size);
}

function factorOf(unit: string): number {
  if (unit === '' || unit === 'b') return 1;
  const [, prefix = '', binary = ''] = /^([kmgtpe])(i?)b?$/.exec(unit) ?? [];
  if (prefix === '') throw new UnreadableSize(`unhandled size name: ${unit}`);
  return (binary === '' ? 1000 : 1024) ** (SIZE_PREFIXES.indexOf(prefix) + 1);
}

const SI_PREFIXES: readonly (readonly [exponent: number, prefix: string])[] = [
  [-30, 'q'],
  [-27, 'r'],
  [-24, 'y'],
  [-21, 'z'],
  [-18, 'a'],
  [-15, 'f'],
  [-12, 'p'],
  [-9, 'n'],
  [-6, 'µ'],
  [-3, 'm'],
  [0, ''],
  [3, 'k'],
  [6, 'M'],
  [9, 'G'],
  [12, 'T'],
  [15, 'P'],
  [18, 'E'],
  [21, 'Z'],
  [24, 'Y'],
  [27, 'R'],
  [30, 'Q'],
];

function siQuantity(value: number, unit: string): string {
  if (value === 0) return `0 ${unit}`;
  const guess = thousandsBelow(Math.abs(value));
  // The logarithm may be a hair too small.
  const exponent = Math.abs(scale(value, guess)) === 1000 ? Math.min(guess + 3, 30) : guess;
  const prefix = SI_PREFIXES.find(([each]) => each === exponent)?.[1] ?? '';
  return `${trimmedDecimal(scale(value, exponent))} ${fromUtf8(prefix)}${unit}`;
}

/** The multiple of three below the power of ten of a number, within the prefixes there are. */
function thousandsBelow(magnitude: number): number {
  const power = Math.floor(Math.log(magnitude) / Math.log(10));
  return Math.max(-30, Math.min(30, Math.floor(power / 3) * 3));
}

/** Multiplying or dividing by a whole power keeps 0.001 from becoming 0.9999…. */
function scale(value: number, exponent: number): number {
  return exponent < 0 ? value * 10 ** -exponent : value / 10 ** exponent;
}

/** Six decimals at most, without trailing zeros. */
function trimmedDecimal(value: number): string {
  return value.toFixed(6).replace(/\.?0+$/, '');
}

const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const WEEK = 7 * DAY;
const MONTH = 30 * DAY;
const YEAR = 12 * MONTH;

/** Up to which distance (exclusive) a text holds; `every` is the unit that is counted in it. */
const DISTANCES: readonly { readonly below: number; readonly text: string; readonly every: number }[] = [
  { below: 1, text: 'now', every: 1 },
  { below: 2, text: '1 second', every: 1 },
  { below: MINUTE, text: '# seconds', every: 1 },
  { below: 2 * MINUTE, text: '1 minute', every: 1 },
  { below: HOUR, text: '# minutes', every: MINUTE },
  { below: 2 * HOUR, text: '1 hour', every: 1 },
  { below: DAY, text: '# hours', every: HOUR },
  { below: 2 * DAY, text: '1 day', every: 1 },
  { below: WEEK, text: '# days', every: DAY },
  { below: 2 * WEEK, text: '1 week', every: 1 },
  { below: MONTH, text: '# weeks', every: WEEK },
  { below: 2 * MONTH, text: '1 month', every: 1 },
  { below: YEAR, text: '# months', every: MONTH },
  { below: 18 * MONTH, text: '1 year', every: 1 },
  { below: 2 * YEAR, text: '2 years', every: 1 },
  { below: 37 * YEAR, text: '# years', every: YEAR },
];

function relativeTime(then: number, now: number): string {
  const distance = Math.abs(now - then);
  const found = DISTANCES.find((each) => distance < each.below);
  if (found?.text === 'now') return 'now';
  const text =
    found === undefined ? 'a long while' : found.text.replace('#', String(Math.floor(distance / found.every)));
  return `${text} ${then > now ? 'from now' : 'ago'}`;
}

const text = [result('text', 'string')];

export default defineModule({
  name: 'nauthilus_gll_humanize',
  requires: ['humanize'],
  classes: 'all',
  doc: 'Sizes, quantities and times as people write them.',
  functions: {
    time: sync(
      {
        doc: 'How long ago, or how far ahead, a time in seconds since 1970 is.',
        args: [int('seconds')],
        returns: text,
      },
      ({ services }, seconds) => relativeTime(seconds, services.clock.now() / 1000),
    ),
    ibytes: pure(
      { doc: 'A number of bytes in binary units: 1.5 MiB.', args: [int('bytes')], returns: text },
      (bytes) => (bytes < 0 ? argumentError(1, 'ibytes', 'must be positive') : binarySize(bytes)),
    ),
    parse_bytes: pure(
      {
        doc: 'The number of bytes of a size such as 1.5 MiB or 20k.',
        args: [str('text')],
        returns: [result('bytes', 'number?'), error],
      },
      (size) => {
        return attempt([UnreadableSize], nilAndMessage, () => parseSize(size));
      },
    ),
    si: pure(
      { doc: 'A quantity with an SI prefix: 1.5 km.', args: [num('value'), str('unit')], returns: text },
      siQuantity,
    ),
  },
});
