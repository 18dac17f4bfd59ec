/** Times in Go's layouts, as the module `time` of gopher-lua-libs. */
import {
  attempt,
  defineModule,
  error,
  io,
  nilAndMessage,
  num,
  pure,
  result,
  type results2,
  str,
  sync,
  trailing,
} from '../host/index.ts';
import { formatTime } from './gll-time/format.ts';
import { type ParsedTime, parseTime, TimeParseError } from './gll-time/parse.ts';
import { localZone, UnknownZone, UTC, type Zone, zoneNamed } from './gll-time/zones.ts';

const DEFAULT_LAYOUT = 'Mon Jan 2 15:04:05 -0700 MST 2006';
/** Longer sleeps do not fit into a timer. */
const LONGEST_SLEEP_MS = 2 ** 31 - 1;

function parse(value: string, layout: string, location: string | undefined): number {
  const zone = location === undefined ? UTC : zoneNamed(location);
  return secondsOf(parseTime(value, layout, zone, location === undefined ? localZone : () => zone));
}

/** Through 64-bit nanoseconds, as in the reference: years far from 1970 wrap around. */
function secondsOf({ seconds, nanosecond }: ParsedTime): number {
  return Number(BigInt.asIntN(64, BigInt(seconds) * 1_000_000_000n + BigInt(nanosecond))) / 1e9;
}

function zoneOf(location: string | undefined): Zone {
  return location === undefined ? localZone() : zoneNamed(location);
}

/** The value, or nil and the text of an error that a script may expect. */
function orMessage<T extends string | number>(compute: () => T): T | ReturnType<typeof results2> {
  return attempt([TimeParseError, UnknownZone], nilAndMessage, compute);
}

export default defineModule({
  name: 'nauthilus_gll_time',
  requires: ['time'],
  classes: 'all',
  doc: 'Current time, sleeping, and times in Go layouts and IANA time zones.',
  functions: {
    unix: sync(
      { doc: 'Seconds since 1970, with a fraction.', returns: [result('seconds', 'number')] },
      ({ services }) => services.clock.now() / 1000,
    ),
    unix_nano: sync(
      { doc: 'Nanoseconds since 1970, as exact as a number can be.', returns: [result('nanoseconds', 'number')] },
      ({ services }) => Math.round(services.clock.now() * 1e6),
    ),
    sleep: io({ doc: 'Wait, without holding up other requests.', args: [num('seconds')] }, async (call, seconds) => {
      if (seconds > 0) await call.sleep(Math.min(seconds * 1000, LONGEST_SLEEP_MS));
      return [];
    }),
    parse: pure(
      {
        doc: 'Seconds since 1970 of a text in a layout; a value without zone is read in the location, UTC by default.',
        args: [str('value'), str('layout'), trailing(str('location'))],
        returns: [result('seconds', 'number?'), error],
      },
      (value, layout, location) => orMessage(() => parse(value, layout, location)),
    ),
    format: pure(
      {
        doc: 'Text of a time in a layout and location; the zone of the process without one.',
        args: [num('seconds'), trailing(str('layout')), trailing(str('location'))],
        returns: [result('text', 'string?'), error],
      },
      (seconds, layout, location) => orMessage(() => formatTime(seconds, layout ?? DEFAULT_LAYOUT, zoneOf(location))),
    ),
  },
});
