/** Statistics of lists of numbers, as the module `stats` of gopher-lua-libs. */
import {
  attempt,
  defineModule,
  entries,
  error,
  type LuaResult,
  type LuaTable,
  nilAndMessage,
  num,
  pure,
  rawLength,
  result,
  table,
} from '../host/index.ts';

/** Why there is no result; `message` is what the script gets. */
class NoStatistics extends Error {}

/** As the reference collects them: one zero for each element of the list comes first, and scripts rely on its results. */
function sampleOf(list: LuaTable): readonly number[] {
  const sample = new Array<number>(rawLength(list)).fill(0);
  for (const [, value] of entries(list)) {
    if (typeof value !== 'number') throw new NoStatistics('only table of numbers is supported');
    sample.push(value);
  }
  if (sample.length === 0) throw new NoStatistics('Input must not be empty.');
  return sample;
}

function mean(numbers: readonly number[]): number {
  return numbers.reduce((sum, each) => sum + each, 0) / numbers.length;
}

function sorted(numbers: readonly number[]): readonly number[] {
  return [...numbers].sort((a, b) => a - b);
}

function median(sample: readonly number[]): number {
  const ordered = sorted(sample);
  const middle = ordered.length / 2;
  return Number.isInteger(middle) ? mean(ordered.slice(middle - 1, middle + 1)) : ordered[Math.floor(middle)]!;
}

function percentile(sample: readonly number[], percent: number): number {
  if (sample.length === 1) return sample[0]!;
  if (!(percent > 0 && percent <= 100)) throw new NoStatistics('Input is outside of range.');
  const ordered = sorted(sample);
  const rank = (percent / 100) * ordered.length;
  const below = Math.floor(rank);
  if (rank === below) return ordered[below - 1]!;
  if (rank > 1) return mean(ordered.slice(below - 1, below + 1));
  throw new NoStatistics('Input is outside of range.');
}

/** Of the whole population. */
function standardDeviation(sample: readonly number[]): number {
  const middle = mean(sample);
  return Math.sqrt(mean(sample.map((each) => (each - middle) ** 2)));
}

function orMessage(compute: () => number): LuaResult {
  return attempt([NoStatistics], nilAndMessage, compute);
}

const value = [result('value', 'number?'), error];

export default defineModule({
  name: 'nauthilus_gll_stats',
  requires: ['stats'],
  classes: 'all',
  doc: 'Median, percentile and standard deviation of a list; as in the reference, one zero per element is added.',
  functions: {
    median: pure({ doc: 'The median of a list.', args: [table('list')], returns: value }, (list) =>
      orMessage(() => median(sampleOf(list))),
    ),
    percentile: pure(
      {
        doc: 'The value below which a percentage of a list is.',
        args: [table('list'), num('percent')],
        returns: value,
      },
      (list, percent) => orMessage(() => percentile(sampleOf(list), percent)),
    ),
    standard_deviation: pure(
      { doc: 'The standard deviation of a list.', args: [table('list')], returns: value },
      (list) => orMessage(() => standardDeviation(sampleOf(list))),
    ),
  },
});
