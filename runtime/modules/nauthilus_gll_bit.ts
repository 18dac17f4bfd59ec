/** Bit operations on 32 bits without a sign, as the module `bit` of newer gopher-lua-libs. */
import { type Declaration, defineModule, error, int, type LuaResult, pure, result, results2 } from '../host/index.ts';

const MOST = 2 ** 32 - 1;

/** Why a number has no 32 bits. */
function problemOf(value: number): string | undefined {
  if (value < 0) return `cannot convert negative int ${value} to uint32`;
  return value > MOST ? `int ${value} overflows uint32` : undefined;
}

function binary(doc: string, compute: (a: number, b: number) => number): Declaration {
  const returns = [result('bits', 'number?'), error];
  return pure({ doc, args: [int('a'), int('b')], returns }, (a, b): LuaResult => {
    const problem = problemOf(a) ?? problemOf(b);
    return problem === undefined ? compute(a, b) >>> 0 : results2(undefined, problem);
  });
}

/** Bits that leave the 32 are lost, whatever the distance. */
const shifted = (value: number, by: number): number => (by > 31 ? 0 : value << by);

export default defineModule({
  name: 'nauthilus_gll_bit',
  requires: ['bit'],
  classes: 'all',
  doc: 'Bit operations on numbers from 0 to 4294967295.',
  functions: {
    band: binary('Bits that are set in both numbers.', (a, b) => a & b),
    bor: binary('Bits that are set in one of the numbers or both.', (a, b) => a | b),
    bxor: binary('Bits that are set in one of the numbers, but not in both.', (a, b) => a ^ b),
    lshift: binary('All bits moved to the left.', shifted),
    rshift: binary('All bits moved to the right.', (a, b) => (b > 31 ? 0 : a >>> b)),
    bnot: pure(
      { doc: 'All bits turned around.', args: [int('a')], returns: [result('bits', 'number?'), error] },
      (a): LuaResult => {
        const problem = problemOf(a);
        return problem === undefined ? ~a >>> 0 : results2(undefined, problem);
      },
    ),
  },
});
