/** The differential fuzzer: random programs, compared in batches, and differences made small. */
import fc from 'fast-check';
import { Choices } from './choices.ts';
import { type Comparison, comparable, compare } from './compare.ts';
import { ourOutput, referenceOutputs, WAYS, type Way } from './engines.ts';
import { type ProgramPair, randomProgram } from './statements.ts';

export interface Difference {
  readonly way: Way;
  readonly program: string;
  readonly expected: string;
  readonly ours: string;
}

export interface FuzzOptions {
  readonly programs: number;
  readonly seed: number;
  /** Stop at the first difference beyond this number. */
  readonly mostDifferences?: number;
  readonly onProgress?: (done: number) => void;
  readonly onDifference?: (difference: Difference) => void;
}

export interface FuzzResult {
  readonly programs: number;
  /** How many of them an uncaught error ended. */
  readonly failed: number;
  /** How many differ but may (see `compare`): they show nothing. */
  readonly undecided: number;
  readonly differences: readonly Difference[];
}

/** Programs per start of the reference interpreter. */
const BATCH = 200;

const decisions = fc.noBias(fc.uint8Array({ minLength: 20, maxLength: 500, size: 'max' }));

export async function fuzz(options: FuzzOptions): Promise<FuzzResult> {
  const { programs, seed, mostDifferences = 20, onProgress, onDifference } = options;
  const differences: Difference[] = [];
  let done = 0;
  let failed = 0;
  let undecided = 0;
  for (let batch = 0; done < programs && differences.length < mostDifferences; batch++) {
    const inputs = fc.sample(decisions, { numRuns: Math.min(BATCH, programs - done), seed: seed + batch });
    const pairs = inputs.map((bytes) => randomProgram(new Choices(bytes)));
    const expected = referenceOutputs(pairs.map(({ reference }) => reference));
    for (const [i, bytes] of inputs.entries()) {
      const { comparison, way } = await runEveryWay(pairs[i] as ProgramPair, expected[i] as string);
      if (/^ERROR/m.test(expected[i] as string)) failed++;
      if (comparison === 'same') continue;
      if (comparison === 'undecided' || (await endsAtZero(bytes, way))) {
        undecided++;
        continue;
      }
      const difference = await describe(await shrink(bytes, way), way);
      differences.push(difference);
      onDifference?.(difference);
    }
    done += inputs.length;
    onProgress?.(done);
  }
  return { programs: done, failed, undecided, differences };
}

/** The first way that is not the same. */
async function runEveryWay(
  { ours }: ProgramPair,
  expected: string,
): Promise<{ readonly comparison: Comparison; readonly way: Way }> {
  for (const way of WAYS) {
    const comparison = compare(await ourOutput(ours, way), expected);
    if (comparison !== 'same') return { comparison, way };
  }
  return { comparison: 'same', way: 'analysed' };
}

/** Fewer and smaller bytes, as long as the program still behaves differently. */
async function shrink(bytes: Uint8Array, way: Way): Promise<Uint8Array> {
  let best = bytes;
  for (let size = Math.ceil(best.length / 2); size >= 1; size = Math.floor(size / 2)) {
    for (let at = 0; at < best.length; ) {
      const without = concat(best.subarray(0, at), best.subarray(at + size));
      const zeroed = best.map((byte, i) => (i >= at && i < at + size ? 0 : byte));
      if (await stillDiffers(without, way)) {
        best = without;
        continue;
      }
      if (best.subarray(at, at + size).some((byte) => byte !== 0) && (await stillDiffers(zeroed, way))) best = zeroed;
      at += size;
    }
  }
  return best;
}

function concat(a: Uint8Array, b: Uint8Array): Uint8Array {
  const all = new Uint8Array(a.length + b.length);
  all.set(a);
  all.set(b, a.length);
  return all;
}

async function stillDiffers(bytes: Uint8Array, way: Way): Promise<boolean> {
  const { expected, ours } = await describe(bytes, way);
  return compare(ours, expected) === 'different' && !(await endsAtZero(bytes, way));
}

/** Is the only difference that the reference ends some strings at a zero byte? Then another byte there makes none. */
async function endsAtZero(bytes: Uint8Array, way: Way): Promise<boolean> {
  const pair = randomProgram(new Choices(bytes));
  if (!pair.ours.includes(ZERO)) return false;
  const { expected, ours } = await describePair(withoutZero(pair), way);
  return compare(ours, expected) !== 'different';
}

const ZERO = '\\0';

function withoutZero({ ours, reference }: ProgramPair): ProgramPair {
  return { ours: ours.replaceAll(ZERO, '\\2'), reference: reference.replaceAll(ZERO, '\\2') };
}

function describe(bytes: Uint8Array, way: Way): Promise<Difference> {
  return describePair(randomProgram(new Choices(bytes)), way);
}

async function describePair({ ours, reference }: ProgramPair, way: Way): Promise<Difference> {
  const [expected = ''] = referenceOutputs([reference]);
  const output = await ourOutput(ours, way);
  return { way, program: ours, expected: comparable(expected), ours: comparable(output) };
}
