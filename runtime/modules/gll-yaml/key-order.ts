/** The order of map keys in YAML that yaml.v2 writes: numbers by value, texts so that `a9` comes before `a10`. */

export type Key = boolean | number | string;

export function compareKeys(a: Key, b: Key): number {
  if (typeof a === 'string' && typeof b === 'string') return compareTexts([...a], [...b]);
  if (typeof a === 'string') return 1;
  if (typeof b === 'string') return -1;
  return Number(a) - Number(b) || typeof a === typeof b ? Number(a) - Number(b) : typeof a === 'boolean' ? -1 : 1;
}

const isLetter = (character: string): boolean => /^\p{L}$/u.test(character);
const isDigit = (character: string | undefined): boolean => character !== undefined && /^\p{Nd}$/u.test(character);

/** By the first difference: letters after everything else, runs of digits by their value, then by their length. */
function compareTexts(a: readonly string[], b: readonly string[]): number {
  const at = a.findIndex((character, index) => character !== b[index]);
  if (at < 0 || at >= b.length) return a.length - b.length;
  const [first, second] = [a[at]!, b[at]!];
  if (isLetter(first) && isLetter(second)) return first.codePointAt(0)! - second.codePointAt(0)!;
  if (isLetter(first) || isLetter(second)) return isLetter(first) ? 1 : -1;
  // A zero inside a number has a value, one in front of it has not.
  const lead = (first === '0' || second === '0') && isInsideNumber(a, at) ? 1 : 0;
  const [left, right] = [digitsAt(a, at), digitsAt(b, at)];
  const difference = numberOf(left, lead) - numberOf(right, lead);
  return difference || left.length - right.length || first.codePointAt(0)! - second.codePointAt(0)!;
}

function isInsideNumber(text: readonly string[], at: number): boolean {
  for (let before = at - 1; before >= 0 && isDigit(text[before]); before--) {
    if (text[before] !== '0') return true;
  }
  return false;
}

function digitsAt(text: readonly string[], start: number): readonly string[] {
  let end = start;
  while (isDigit(text[end])) end += 1;
  return text.slice(start, end);
}

function numberOf(digits: readonly string[], lead: number): number {
  return digits.reduce((value, digit) => value * 10 + (digit.codePointAt(0)! - 48), lead);
}
