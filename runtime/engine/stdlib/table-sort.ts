// biome-ignore-all lint/complexity/noArguments: a missing argument is told apart from nil without a rest array per call
/**
 * `table.sort`: a merge sort of a copy, written back at the end. An inconsistent order function can therefore neither
 * lose elements nor keep the sort from ending, and one that raises an error leaves the table as it was.
 */
import {
  type Activation,
  charge,
  compareLess,
  first,
  isActivation,
  isTruthy,
  type LuaFunction,
  type LuaResult,
  type LuaTable,
  type LuaValue,
  nameBuiltin,
  noResults,
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
  const type = typeof values[0];
  if ((type !== 'number' && type !== 'string') || !values.every((value) => typeof value === type)) return false;
  writeList(table, type === 'number' ? Float64Array.from(values as number[]).sort() : values.sort());
  return true;
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
  private width = 1;
  private l = 0;
  private leftEnd = 0;
  private r = 0;
  private rightEnd = 0;
  private out = 0;

  /** Takes over `values`. */
  constructor(values: LuaValue[]) {
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
