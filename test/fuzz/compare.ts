/** Which differences of two outputs count. */

/**
 * `undecided`: the outputs differ, but infinity or NaN was printed, and the reference makes other things of it: text such
 * as `inf` is a number to it, and its conversions to whole numbers are the machine's. Or calls through the library nested
 * deeper than the reference allows.
 */
export type Comparison = 'same' | 'different' | 'undecided';

export function compare(ours: string, expected: string): Comparison {
  if (isSame(comparable(ours), comparable(expected))) return 'same';
  return UNDECIDED.test(expected + ours) ? 'undecided' : 'different';
}

const UNDECIDED = /inf|nan|#IND|C stack overflow/i;

/**
 * An output without what differs on purpose or by nature (docs/lua-compatibility.md): addresses, the sign of NaN and
 * zero, the digits of large whole numbers, where a traceback leaves the program, the end of a shortened one (there the
 * program is called by others), and the position that PUC Lua puts in front of an error once more when it leaves a wrapped
 * coroutine.
 */
export function comparable(output: string): string {
  return output
    .replace(/0x[0-9a-f]{6,}/g, '0x')
    .replace(/-?\bnan\b/g, 'nan')
    .replace(/(?<![\w.])-0(?![\w.])/g, '0')
    .replace(/-?\b\d{15,19}\b/g, shortNumber)
    .replace(/(\tcase\.lua:\d+: in main chunk\n)(?:\t.*\n)*/g, '$1')
    .replace(/\n\t\.\.\.\n(?:\t.*\n)*/g, '\n\t...\n')
    .replace(/(?:case\.lua:\d+: )+(?=case\.lua:\d+: )/g, '')
    .replace(/^ERROR (?:table|function|userdata|thread|nil|true|false).*\n/gm, 'ERROR (another value)\n');
}

/** As `%.14g` prints it. */
function shortNumber(text: string): string {
  const [digits = '', exponent = '0'] = Number(text).toExponential(13).split('e');
  return `${digits.replace(/\.?0+$/, '')}e+${exponent.replace('+', '')}`;
}

/**
 * Equal, or only unlike in names that PUC Lua has for intermediate results: the register of `(1 and print) + 1` is still
 * called after the variable it was last loaded from.
 */
function isSame(ours: string, expected: string): boolean {
  if (ours === expected) return true;
  const ourLines = ours.split('\n');
  const lines = expected.split('\n');
  if (ourLines.length !== lines.length) return false;
  return lines.every((line, i) => line === ourLines[i] || line.replace(NAMED, '$1a $2') === ourLines[i]);
}

const NAMED = /(attempt to [a-z ]+? )(?:global|local|field|upvalue|method) '[^']*' \(a (\w+ value)\)/;
