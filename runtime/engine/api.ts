/** What libraries and host code may use of the engine: the only file of it they import. */
export type { Activation, LuaFunction, LuaResult, LuaValue, Multi, Wait } from '../contract/abi.ts';
export { bothColours, type Steps } from './both-colours.ts';
export { B, Budget, type BudgetOptions, charge, chargeMemory, usedHeapBytes } from './budget.ts';
export { fromBuffer, fromUtf8, toBuffer, toUtf8String } from './bytes.ts';
export {
  afterTrue,
  callable,
  callValue,
  clearResults,
  collect,
  fewResults,
  first,
  firstOf,
  isActivation,
  MULTI,
  noResults,
  results,
  results2,
  results3,
  resultsFrom,
} from './call.ts';
export {
  Coroutine,
  cannotResume,
  coroutineFrames,
  type ResumeStyle,
  resume,
  runningCoroutine,
  yieldValues,
} from './coroutine.ts';
export {
  createEnvironment,
  defineLibrary,
  Environment,
  type Library,
  type LibraryOptions,
  libraryTable,
  setGlobal,
} from './environment.ts';
export {
  argumentError,
  asHostError,
  asLuaError,
  BudgetExceeded,
  caught,
  LuaError,
  raise,
  raiseValue,
  setInternalErrorHook,
} from './error.ts';
export { cellAtLevel, cellOf, instantiateInThread, setThreadGlobals, threadGlobals } from './function-environment.ts';
export { registerInTurns } from './in-turns.ts';
export { registerIntrinsics } from './intrinsics.ts';
export { type Loader, type LoadOutcome, SourceError } from './loader.ts';
export { getMetatable, index, metamethod, setIndex, setMetatable } from './metatable.ts';
export {
  add,
  compareLess,
  compareLessEqual,
  concat,
  equals,
  identityText,
  length,
  toDisplay,
  toNumber,
  toText,
} from './operators.ts';
export { writeOutput } from './output.ts';
export { perEnvironment } from './per-environment.ts';
export { type PortableCode, portableCode } from './portable.ts';
export { chunkOfTag, nameBuiltin, registerPositions } from './positions.ts';
export { handledCall, protectedCall } from './protected.ts';
export { currentTask, pause, runTask, type Task, waitFor } from './scheduler.ts';
export { numberToString, stringToNumber } from './strings/number.ts';
export {
  LuaTable,
  rawGet,
  rawGetNumber,
  rawGetString,
  rawLength,
  rawSet,
  rawSetNumber,
  rawSetString,
  tableFromArray,
  tableFromEntries,
  tableOver,
} from './table.ts';
export { currentFrames, type Frame, formatFrames, frameAtLevel, positionAtLevel } from './traceback.ts';
export { cursorAt, entries, nextEntry, TableCursor } from './traversal.ts';
export { isTruthy, LuaObject, type LuaTypeName, typeName } from './value.ts';
