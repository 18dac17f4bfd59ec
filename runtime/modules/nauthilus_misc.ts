/** Country names and random delays. */
import { randomInt } from 'node:crypto';
import { defineModule, fromUtf8, io, num, pure, result, str, toUtf8String } from '../host/index.ts';
import { countryName } from './misc/countries.ts';

/** Longer waits do not fit into a timer. */
const LONGEST_WAIT_MS = 2 ** 31 - 1;

export default defineModule({
  name: 'nauthilus_misc',
  classes: 'all',
  doc: 'Country names and random delays.',
  functions: {
    get_country_name: pure(
      {
        doc: 'English name of a country by its ISO code or name; `Unknown` for everything else.',
        args: [str('code')],
        returns: [result('name', 'string')],
      },
      (code) => fromUtf8(countryName(toUtf8String(code))),
    ),
    wait_random: io(
      {
        doc: 'Wait a random number of milliseconds, at least min and less than max; nil at once for an empty range.',
        args: [num('min_ms'), num('max_ms')],
        returns: [result('waited_ms', 'integer?')],
      },
      async (call, min, max) => {
        const [least, limit] = [Math.trunc(min), Math.min(Math.trunc(max), LONGEST_WAIT_MS)];
        if (!(least >= 0 && limit > least)) return undefined;
        const wait = randomInt(least, limit);
        await call.sleep(wait);
        return wait;
      },
    ),
  },
});
