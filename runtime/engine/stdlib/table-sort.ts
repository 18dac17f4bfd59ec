// biome-ignore-all lint/complexity/noArguments: a missing argument is told apart from nil without a rest array per call
/**
 * `table.sort`: a merge sort of a copy, written back at the end. An inconsistent order function can therefore neither
 * lose elements nor keep the sort from ending, and one that raises an error leaves the table as it was.
 */
import {
  type Activation,
  B,
  charge,
  compareLess,
  first,
  isActivation,
  isTruthy,
  type LuaFunction,
  type LuaResult,
  LuaTable,
  type LuaValue,
  nameBuiltin,
  noResults,
  pause,
  rawGet,
  rawLength,
  rawSet,
} from '../api.ts';
import { checkFunction, checkTable } from './arguments.ts';

type Less = (a: LuaValue, b: LuaValue) => LuaResult;

export function sort(t: LuaValue, less: LuaValue): LuaResult {
  const given = arguments.length;
  const table = checkTable(t, 1, 'sort', given);
  const length = rawLength(table);
  if (less !== undefined) checkFunction(less, 2, 'sort', given);
  if (length < 2) return noResults();
  charge(length * Math.ceil(Math.log2(length)));
  const values = readList(table, length);
  if (less !== undefined) return sortBy(table, values, less as LuaFunction);
  return sortNatively(table, values) ? noResults() : sortBy(table, values, compareLess);
}

/** With an order function this many elements are sorted in one go, without one more. */
const FEW_COMPARED = 256;
const FEW_NATIVELY = 8192;

/** Comparisons between two looks at the budget. */
const COMPARISONS = 32;

const sortAtOnce: LuaFunction = sort;

/** `sort` for code that may wait. */
export const sortInTurns: LuaFunction = (...args) => {
  const [table, less] = args;
  if (!(table instanceof LuaTable) || !(less === undefined || typeof less === 'function')) return sortAtOnce(...args);
  const length = rawLength(table);
  if (length <= (less === undefined ? FEW_NATIVELY : FEW_COMPARED)) return sortAtOnce(...args);
  return sortLater(table, readList(table, length), less);
};

const sortLater = nameBuiltin(function* (
  table: LuaTable,
  values: LuaValue[],
  less: LuaFunction | undefined,
): Activation {
  const width = less === undefined && isOfOneType(values) ? FEW_NATIVELY : 1;
  for (let start = 0; width > 1 && start < values.length; start += width) {
    sortPart(values, start, start + width);
    charge(width * Math.log2(width));
    if (B.due) yield* pause();
  }
  const compare: Less = less ?? compareLess;
  const merge = new MergeSort(values, width);
  for (let count = 1; merge.needsComparison(); count++) {
    const result = compare(merge.right(), merge.left());
    merge.take(isTruthy(first(isActivation(result) ? yield* result : result)));
    if (count % COMPARISONS !== 0) continue;
    charge(COMPARISONS);
    if (B.due) yield* pause();
  }
  writeList(table, merge.sorted());
  return noResults();
}, 'sort');

function sortPart(values: LuaValue[], start: number, end: number): void {
  const part = values.slice(start, end);
  const sorted = sortedNatively(part);
  for (let i = 0; i < part.length; i++) values[start + i] = sorted[i];
}

function readList(table: LuaTable, length: number): LuaValue[] {
  if (table.$a.length > length) return table.$a.slice(1, length + 1);
  const values: LuaValue[] = [];
  for (let k = 1; k <= length; k++) values.push(rawGet(table, k));
  return values;
}

function writeList(table: LuaTable, values: ArrayLike<LuaValue>): void {
  for (let k = 0; k < values.length; k++) rawSet(table, k + 1, values[k]);
}

/** Lists of numbers only or strings only need no comparison of ours. */
function sortNatively(table: LuaTable, values: LuaValue[]): boolean {
  if (!isOfOneType(values)) return false;
  writeList(table, sortedNatively(values));
  return true;
}

function isOfOneType(values: readonly LuaValue[]): boolean {
  const type = typeof values[0];
  return (type === 'number' || type === 'string') && values.every((value) => typeof value === type);
}

function sortedNatively(values: LuaValue[]): ArrayLike<LuaValue> {
  return typeof values[0] === 'number' ? Float64Array.from(values as number[]).sort() : values.sort();
}

function sortBy(table: LuaTable, values: LuaValue[], less: Less): LuaResult {
  const merge = new MergeSort(values);
  while (merge.needsComparison()) {
    const result = less(merge.right(), merge.left());
    if (isActivation(result)) return resumeSort(table, merge, less, result);
    merge.take(isTruthy(first(result)));
  }
  writeList(table, merge.sorted());
  return noResults();
}

/** The rest of `sortBy` from the first comparison on that may wait. */
const resumeSort = nameBuiltin(function* (
  table: LuaTable,
  merge: MergeSort,
  less: Less,
  waiting: Activation,
): Activation {
  merge.take(isTruthy(first(yield* waiting)));
  while (merge.needsComparison()) {
    const result = less(merge.right(), merge.left());
    merge.take(isTruthy(first(isActivation(result) ? yield* result : result)));
  }
  writeList(table, merge.sorted());
  return noResults();
}, 'sort');

/** Bottom-up merge sort that stops before each comparison, so that the comparison may wait. */
class MergeSort {
  private from: LuaValue[];
  private to: LuaValue[];
  private width: number;
  private l = 0;
  private leftEnd = 0;
  private r = 0;
  private rightEnd = 0;
  private out = 0;

  /** Takes over `values`, of which each `width` are sorted already. */
  constructor(values: LuaValue[], width = 1) {
    this.width = width;
    this.from = values;
    this.to = values.slice();
    this.startPair(0);
  }

  /** Goes on to where two elements must be compared; false when everything is sorted. */
  needsComparison(): boolean {
    for (;;) {
      if (this.l < this.leftEnd && this.r < this.rightEnd) return true;
      this.copyRest();
      if (this.rightEnd < this.from.length) this.startPair(this.rightEnd);
      else if (!this.startPass()) return false;
    }
  }

  left(): LuaValue {
    return this.from[this.l];
  }

  right(): LuaValue {
    return this.from[this.r];
  }

  /** The comparison's outcome: the right element goes first only if it is less, so equal ones keep their order. */
  take(rightIsLess: boolean): void {
    this.to[this.out++] = rightIsLess ? this.from[this.r++] : this.from[this.l++];
  }

  sorted(): readonly LuaValue[] {
    return this.from;
  }

  private startPair(start: number): void {
    const { length } = this.from;
    this.l = start;
    this.leftEnd = Math.min(start + this.width, length);
    this.r = this.leftEnd;
    this.rightEnd = Math.min(this.leftEnd + this.width, length);
    this.out = start;
  }

  private copyRest(): void {
    while (this.l < this.leftEnd) this.to[this.out++] = this.from[this.l++];
    while (this.r < this.rightEnd) this.to[this.out++] = this.from[this.r++];
  }

  private startPass(): boolean {
    const sorted = this.to;
    this.to = this.from;
    this.from = sorted;
    this.width *= 2;
    if (this.width >= sorted.length) return false;
    this.startPair(0);
    return true;
  }
}
