/**
 * Compares this engine with Debian's `lua5.1` on random programs: `npm run fuzz:lua -- --programs N --seed S`. Prints every
 * difference as small as it can be made; the exit code says whether there was one.
 */
import { randomInt } from 'node:crypto';
import { parseArgs } from 'node:util';
import { fuzz } from './fuzz.ts';

const { values } = parseArgs({ options: { programs: { type: 'string' }, seed: { type: 'string' } } });
const programs = Number(values.programs ?? 20_000);
const seed = Number(values.seed ?? randomInt(2 ** 31));
console.log(`${programs} programs from seed ${seed}`);
let reported = 0;
const { differences, ...counts } = await fuzz({
  programs,
  seed,
  onProgress: (done) => process.stderr.write(`\r${done}`),
  onDifference: ({ way, program, ours, expected }) => {
    reported++;
    console.log(`\n=== difference ${reported} (${way})\n${program}\n--- lua5.1\n${expected}\n--- here\n${ours}`);
  },
});
console.log(`\n${JSON.stringify({ ...counts, differences: differences.length })}`);
process.exitCode = differences.length === 0 ? 0 : 1;
