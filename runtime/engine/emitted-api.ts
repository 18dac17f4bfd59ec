/** The engine as emitted code sees it, and the guard fields of primitive values that its fast paths rely on. */
import type { EmittedApi as Contract, GlobalsLayout, LuaFunction, LuaResult, LuaValue, Site } from '../contract/abi.ts';
import { B, spent } from './budget.ts';
import {
  appendResults,
  callable,
  callSpread,
  callSpread0,
  callSpread1,
  callSpread2,
  elementsOf,
  GENERATOR,
  isActivation,
  MULTI,
  noResults,
  resultAt,
  resultCount,
  results2,
  results3,
  resultsAfter,
  resultsFrom,
  X,
} from './call.ts';
import { handOver, Inspection, inspected, yieldValues } from './coroutine.ts';
import { NO_ELEMENTS, NO_PROTOTYPE, NO_STRINGS, Strings } from './descriptor.ts';
import { closeOver, enter, type GlobalsCell } from './function-environment.ts';
import { inTurns } from './in-turns.ts';
import { intrinsics } from './intrinsics.ts';
import { attachMetatable, indexAt, indexNumber, setIndexAt, setIndexTable, setNumber } from './metatable.ts';
import {
  add,
  compareLess,
  compareLessEqual,
  concat,
  concatAll,
  divide,
  equalsSlow,
  exponentiate,
  forNumber,
  length,
  modulo,
  multiply,
  negate,
  power,
  remainder,
  subtract,
} from './operators.ts';
import { portable } from './portable.ts';
import { installGuards } from './primitive-guards.ts';
import { caller } from './registers.ts';
import { pause } from './scheduler.ts';
import { raiseAt, raiseWaitInPlainCode, sites } from './sites.ts';
import { numberToString } from './strings/number.ts';
import { LuaTable, PLAIN, rawSet, rawSetNumber, tableFromArray } from './table.ts';
import { bouncing, finishTailCall, finishTailCallLater, T, TAIL, tailCallee } from './tail-call.ts';
import { ListCursor, TableCursor } from './traversal.ts';

export type { EmittedApi } from '../contract/abi.ts';

installGuards();

function checkPlain(result: LuaResult, site: Site): LuaResult {
  return isActivation(result) ? raiseWaitInPlainCode(site) : result;
}

function closure(make: (cell: GlobalsLayout) => LuaFunction, cell: GlobalsLayout): LuaFunction {
  return closeOver(make(cell), cell as GlobalsCell);
}

function argTable(values: readonly LuaValue[]): LuaTable {
  const table = tableFromArray(values);
  rawSet(table, 'n', values.length);
  return table;
}

function tableFrom(pairs: readonly LuaValue[], elements: LuaValue[], site: Site): LuaTable {
  const table = new LuaTable();
  for (let i = 0; i < pairs.length; i += 2) rawSet(table, checkKey(pairs[i], site), pairs[i + 1]);
  for (let i = 1; i < elements.length; i++) rawSetNumber(table, i, elements[i]);
  return table;
}

function keyed(key: LuaValue, value: LuaValue, site: Site): LuaValue {
  checkKey(key, site);
  return value;
}

function checkKey(key: LuaValue, site: Site): NonNullable<LuaValue> {
  if (key === undefined) raiseAt(site, 'table index is nil');
  if (typeof key === 'number' && Number.isNaN(key)) raiseAt(site, 'table index is NaN');
  return key;
}

function iterate(fn: LuaValue, state: LuaValue, control: LuaValue): TableCursor | ListCursor | null {
  if (!(state instanceof LuaTable)) return null;
  if (fn === intrinsics.nextPair || fn === intrinsics.next)
    return control === undefined ? new TableCursor(state) : null;
  return fn === intrinsics.nextElement && control === 0 ? new ListCursor(state) : null;
}

export const emittedApi = {
  MULTI,
  X,
  GENERATOR,
  B,
  T,
  TAIL,
  Table: LuaTable,
  PLAIN: PLAIN.normal,
  BARE: PLAIN.guarded,
  NO_STRINGS,
  NO_ELEMENTS,
  NO_PROTOTYPE,
  Strings,
  tableFrom,
  keyed,
  index: indexAt,
  indexNumber,
  setIndex: setIndexAt,
  setNumber,
  attachMetatable,
  setIndexTable,
  sites,
  noResults,
  results2,
  results3,
  resultsFrom,
  resultsAfter,
  resultCount: resultCount as Contract['resultCount'],
  resultAt: resultAt as Contract['resultAt'],
  elementsOf,
  appendResults,
  callable,
  callSpread0,
  callSpread1,
  callSpread2,
  callSpread,
  checkPlain,
  bouncing,
  finishTailCall,
  finishTailCallLater,
  tailCallee,
  argTable,
  closure,
  enter: enter as Contract['enter'],
  caller: caller as Contract['caller'],
  portable,
  add,
  subtract,
  multiply,
  divide,
  remainder,
  exponentiate,
  modulo,
  power,
  negate,
  length,
  concat,
  concatAll,
  numberToString,
  equalsSlow,
  compareLess,
  compareLessEqual,
  forNumber,
  iterate,
  spent,
  pause,
  yieldValues,
  handOver,
  Inspection,
  inTurns,
  inspected: inspected as Contract['inspected'],
  get select() {
    return intrinsics.select;
  },
  get setmetatable() {
    return intrinsics.setmetatable;
  },
} satisfies Contract;
