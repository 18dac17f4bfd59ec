/** Sets of bytes for patterns: the classes `%a`… and `[...]` of the Lua 5.1 manual, section 5.4.1 (C locale). */

/** One flag per byte: 1 = member. */
export type CharacterSet = Uint8Array;

const SIZE = 256;

const isUpper = (c: number) => c >= 65 && c <= 90;
const isLower = (c: number) => c >= 97 && c <= 122;
const isAlpha = (c: number) => isUpper(c & ~32) && c < 128;
const isDigit = (c: number) => c >= 48 && c <= 57;
const isAlphanumeric = (c: number) => isAlpha(c) || isDigit(c);
const isGraphic = (c: number) => c > 32 && c < 127;

const CLASS_TESTS: Readonly<Record<string, (c: number) => boolean>> = {
  a: isAlpha,
  c: (c) => c < 32 || c === 127,
  d: isDigit,
  l: isLower,
  p: (c) => isGraphic(c) && !isAlphanumeric(c),
  s: (c) => c === 32 || (c >= 9 && c <= 13),
  u: isUpper,
  w: isAlphanumeric,
  x: (c) => isDigit(c) || (c >= 65 && c <= 70) || (c >= 97 && c <= 102),
  z: (c) => c === 0,
};

const CLASSES = buildClasses();

function buildClasses(): ReadonlyMap<number, CharacterSet> {
  const classes = new Map<number, CharacterSet>();
  for (const [letter, test] of Object.entries(CLASS_TESTS)) {
    const set = new Uint8Array(SIZE);
    for (let c = 0; c < SIZE; c++) set[c] = test(c) ? 1 : 0;
    classes.set(letter.charCodeAt(0), set);
    classes.set(letter.toUpperCase().charCodeAt(0), complement(set));
  }
  return classes;
}

function complement(set: CharacterSet): CharacterSet {
  return set.map((flag) => 1 - flag);
}

/** What `.` matches. */
export const ANY: CharacterSet = new Uint8Array(SIZE).fill(1);

const SINGLE: CharacterSet[] = [];

/** The set of one byte. */
export function singleton(code: number): CharacterSet {
  let set = SINGLE[code];
  if (set === undefined) {
    set = new Uint8Array(SIZE);
    set[code] = 1;
    SINGLE[code] = set;
  }
  return set;
}

/** What `%` followed by byte `code` matches: a class, or the byte itself. */
export function escapedSet(code: number): CharacterSet {
  return CLASSES.get(code) ?? singleton(code);
}

/**
 * The set written between `[` and `]`: `source.slice(start, end)` without the brackets, beginning behind a `^`.
 * A range needs both ends before `end`; a class is never the end of a range.
 */
export function bracketSet(source: string, start: number, end: number, negated: boolean): CharacterSet {
  const set = new Uint8Array(SIZE);
  for (let i = start; i < end; i++) {
    const code = source.charCodeAt(i);
    if (code === 37) include(set, escapedSet(source.charCodeAt(++i)));
    else if (source.charCodeAt(i + 1) === 45 && i + 2 < end) {
      set.fill(1, code, Math.max(code, source.charCodeAt(i + 2) + 1));
      i += 2;
    } else set[code] = 1;
  }
  return negated ? complement(set) : set;
}

function include(set: CharacterSet, more: CharacterSet): void {
  for (let c = 0; c < SIZE; c++) if (more[c] === 1) set[c] = 1;
}

/** Have the two sets no byte in common? */
export function areDisjoint(a: CharacterSet, b: CharacterSet): boolean {
  for (let c = 0; c < SIZE; c++) if (a[c] === 1 && b[c] === 1) return false;
  return true;
}

/** The only member of a set of one byte, else -1. */
export function onlyMember(set: CharacterSet): number {
  const first = set.indexOf(1);
  return first !== -1 && set.indexOf(1, first + 1) === -1 ? first : -1;
}
