/**
 * What emitted code and the engine both know: values, results, waits, sites, the operations emitted code may call and
 * the shape of a compiled chunk. Types and constants only; behaviour lives in `runtime/engine`. Layout and reasons:
 * docs/architecture.md and docs/decisions/001-value-guards.md.
 */

/** Changes whenever emitted code and engine can no longer be mixed; a chunk with another number is refused. */
export const ABI_VERSION = 1;

/**
 * A Lua value. nil is `undefined` (JS `null` never appears); a Lua string is a JS string of char codes 0-255 (bytes).
 */
export type LuaValue = undefined | boolean | number | string | TableLayout | LuaFunction | ObjectLayout;

/**
 * A Lua function. Exactly one result is returned as itself, any other number as the sentinel `Multi` with the values
 * in `ResultRegisters`; a function that may suspend returns an `Activation` that the caller must `yield*`.
 */
export type LuaFunction = (...args: LuaValue[]) => LuaResult;

/** The one sentinel for "not exactly one result"; compared by identity. */
export interface Multi {
  readonly multi: true;
}

/**
 * Where the values behind `Multi` are, valid only until anything else runs. `a`, `b`, `c` always hold the first three
 * (undefined where there are fewer); with `n` > 3 all of them are in `v`, which belongs to the producer: never change it.
 */
export interface ResultRegisters {
  n: number;
  a: LuaValue;
  b: LuaValue;
  c: LuaValue;
  v: readonly LuaValue[];
}

export type LuaResult = LuaValue | Multi | Activation;

/** A running call that may wait: yields waits, is resumed with their outcome, returns its results. */
export type Activation = Generator<Wait, LuaValue | Multi, unknown>;

/** What travels up the `yield*` chain: a promise of the host, or the yield of a Lua coroutine (only inside one). */
export type Wait = Promise<unknown> | CoroutineYield;

/** The values are in the result registers, one as well, until the resumer has the thread. */
export interface CoroutineYield {
  readonly coroutineYield: true;
}

/** String keys of a table: an ordinary object in V8's fast mode; keys that begin with a digit never live here. */
export type StringPart = Record<string, LuaValue>;

/** See runtime/engine/table.ts for the invariants. `$a[0]` is a filler, element i is `$a[i]`, gaps hold `undefined`. */
export interface TableLayout {
  $h: StringPart;
  $a: LuaValue[];
  $mt: MetaLayout;
  m: Map<LuaValue, LuaValue> | null;
  x: object | null;
}

/**
 * The never-null metatable descriptor: its fields say what an access has to do, so that no access asks whether there is
 * a metatable at all.
 */
export interface MetaLayout {
  /** The `__index` table, else an empty one that is not "plain". */
  readonly ix: TableLayout;
  /** Where inherited string keys are looked up: the string part of `ix`, or a flattened copy of the whole chain. */
  readonly c: StringPart;
  /** A key that is neither in the table's own string part nor in `c` is nil. */
  readonly leaf: boolean;
  /** null: a number key may be written without asking. */
  readonly ni: object | null;
  /** null: a string key may be written into `$h` without asking. */
  readonly nih: object | null;
  /** null: `#` may be answered from the array part. */
  readonly ln: object | null;
  /** The descriptor to take when the first string key makes a string part; null if that needs the slow path. */
  readonly up: MetaLayout | null;
}

/** Userdata, coroutines and other engine objects: same guard fields as a table, so emitted fast paths stay safe. */
export interface ObjectLayout {
  readonly $h: StringPart;
  readonly $a: LuaValue[];
  readonly $mt: MetaLayout;
}

/** What kind of name an operand has in an error text; '' has none. */
export type NameKind = 'local' | 'upvalue' | 'global' | 'field' | 'method' | '';

/** One operation that can fail: where it stands in the Lua file and what it names. Slow paths are handed it. */
export interface Site {
  readonly chunk: string;
  readonly line: number;
  /** How messages name the (left) operand: `local 'x'`; '' where it has no name. */
  readonly left: string;
  /** Of the right operand of a binary operation. */
  readonly right: string;
  /** The emitted code around this site tests the result for an `Activation` and waits for it. */
  readonly suspends: boolean;
}

/** A site as emitted: the line, negative if it `suspends`, then `left` and `right`, each left out if there is no name. */
export type EmittedSite = readonly [line: number, left?: string, right?: string];

/** A closure's globals, where functions have environments of their own (`setfenv`). */
export interface GlobalsLayout {
  t: TableLayout;
}

/** An activation, as `getfenv` and `setfenv` look for it. */
export interface CallerFrame {
  readonly cell: GlobalsLayout;
  readonly id: string;
  /** Who called it. */
  readonly up: CallerFrame | undefined;
}

/** A traversal of a table: `step` goes to the next entry, whose key and value are then `k` and `v`. */
export interface CursorLayout {
  readonly k: LuaValue;
  readonly v: LuaValue;
  step(): boolean;
}

/** What functions of a cycle of tail calls tell each other. */
export interface TailRegisters {
  /** How deep the tail call nests that is about to be made; its callee takes it, leaving 0, before anything else. */
  next: number;
  /** After `TAIL`: what to call, with what. */
  fn: LuaFunction;
  args: LuaValue[];
}

/** Everything emitted code may name of the engine; `runtime/engine/emitted-api.ts` satisfies it. */
export interface EmittedApi {
  // Constants and registers.
  readonly MULTI: Multi;
  readonly X: ResultRegisters;
  readonly GENERATOR: new () => Activation;
  /** The budget: decremented by loops and function entries. */
  readonly B: {
    c: number;
    /** Suspendable code is to give the event loop a turn. */
    due: boolean;
  };
  readonly T: TailRegisters;
  /** Result of a function that handed over its last call. */
  readonly TAIL: Multi;

  // Tables.
  /** `meta` is `PLAIN` or `BARE`: only the engine knows the class of descriptors. */
  readonly Table: new (
    strings: StringPart,
    elements: LuaValue[],
    meta: never,
  ) => TableLayout;
  /** Descriptor of a table without metatable, with a string part of its own. */
  readonly PLAIN: MetaLayout;
  /** The same without string part. */
  readonly BARE: MetaLayout;
  readonly NO_STRINGS: StringPart;
  readonly NO_ELEMENTS: LuaValue[];
  readonly NO_PROTOTYPE: StringPart;
  readonly Strings: new () => StringPart;
  /** Table of `[k, v, k, v, …]`, then of the elements (with filler). */
  tableFrom(pairs: readonly LuaValue[], elements: LuaValue[], site: Site): TableLayout;
  /** `value`, if `key` may be a key: raises the error of a constructor where the program has come to it. */
  keyed(key: LuaValue, value: LuaValue, site: Site): LuaValue;
  index(object: LuaValue, key: LuaValue, site: Site): LuaResult;
  /** `index` for a key that is a number. */
  indexNumber(object: LuaValue, key: number, site: Site): LuaResult;
  setIndex(object: LuaValue, key: LuaValue, value: LuaValue, site: Site): LuaResult;
  setNumber(object: LuaValue, key: number, value: LuaValue, site: Site): LuaResult;
  /** `setmetatable(object, metatable)` of a table without metatable; else false. */
  attachMetatable(object: LuaValue, metatable: LuaValue): boolean;
  /** `setmetatable(object, {__index = parent})` without a metatable, if nobody can tell; else false. */
  setIndexTable(object: LuaValue, parent: LuaValue): boolean;

  // Results and calls.
  sites(chunk: string, list: readonly EmittedSite[]): readonly Site[];
  noResults(): Multi;
  results2(a: LuaValue, b: LuaValue): Multi;
  results3(a: LuaValue, b: LuaValue, c: LuaValue): Multi;
  resultsFrom(values: readonly LuaValue[]): LuaResult;
  resultsAfter(head: LuaValue, rest: readonly LuaValue[]): LuaResult;
  resultCount(result: LuaResult): number;
  resultAt(result: LuaResult, i: number): LuaValue;
  /** An array part: the filler, then the values. */
  elementsOf(values: readonly LuaValue[]): LuaValue[];
  appendResults(head: LuaValue[], result: LuaResult): LuaValue[];
  callable(value: LuaValue, site: Site): LuaFunction;
  callSpread0(callee: LuaFunction, result: LuaResult): LuaResult;
  callSpread1(callee: LuaFunction, a: LuaValue, result: LuaResult): LuaResult;
  callSpread2(callee: LuaFunction, a: LuaValue, b: LuaValue, result: LuaResult): LuaResult;
  callSpread(callee: LuaFunction, head: LuaValue[], result: LuaResult): LuaResult;
  /** Raises an error if plain code got an activation. */
  checkPlain(result: LuaResult, site: Site): LuaResult;
  /** Marks a function that may hand over its last call, see runtime/engine/call.ts. */
  bouncing(fn: LuaFunction): LuaFunction;
  tailCallee(callee: LuaFunction, depth: number): LuaFunction;
  finishTailCall(result: LuaResult, depth: number): LuaResult;
  finishTailCallLater(): Activation;

  // Functions.
  /** The table `arg` of Lua 5.0. */
  argTable(values: readonly LuaValue[]): TableLayout;
  /** Makes a closure that reads its globals from `cell`. */
  closure(make: (cell: GlobalsLayout) => LuaFunction, cell: GlobalsLayout): LuaFunction;
  /** The activation of the function that `cell` belongs to; `id` is its `frameId`. */
  enter(cell: GlobalsLayout, id: string): CallerFrame;
  /** Set right before each call where functions have globals of their own: who calls. */
  readonly caller: { frame: CallerFrame | undefined };
  /** Keeps the Lua text of a function that captures nothing, see runtime/engine/portable.ts. */
  portable(fn: LuaFunction, text: string, line: number, chunk: string): LuaFunction;

  // Operators.
  add(a: LuaValue, b: LuaValue, site: Site): LuaResult;
  subtract(a: LuaValue, b: LuaValue, site: Site): LuaResult;
  multiply(a: LuaValue, b: LuaValue, site: Site): LuaResult;
  divide(a: LuaValue, b: LuaValue, site: Site): LuaResult;
  remainder(a: LuaValue, b: LuaValue, site: Site): LuaResult;
  exponentiate(a: LuaValue, b: LuaValue, site: Site): LuaResult;
  /** `%` and `^` of two numbers. */
  modulo(a: number, b: number): number;
  power(a: number, b: number): number;
  negate(a: LuaValue, site: Site): LuaResult;
  length(a: LuaValue, site: Site): LuaResult;
  concat(a: LuaValue, b: LuaValue, site: Site): LuaResult;
  /** The site of operands i and i + 1 is `sites[first + i]`. */
  concatAll(operands: readonly LuaValue[], sites: readonly Site[], first: number): LuaResult;
  numberToString(n: number): string;
  equalsSlow(a: LuaValue, b: LuaValue, site: Site): LuaResult;
  compareLess(a: LuaValue, b: LuaValue, site: Site): LuaResult;
  compareLessEqual(a: LuaValue, b: LuaValue, site: Site): LuaResult;

  // Loops.
  forNumber(value: LuaValue, what: 'initial value' | 'limit' | 'step', site: Site): number;
  /** A cursor if the iterator is that of `pairs`, `next` or `ipairs` over a table, else null. */
  iterate(fn: LuaValue, state: LuaValue, control: LuaValue): CursorLayout | null;
  spent(): void;
  pause(): Generator<Wait, void, unknown>;

  // Coroutines: `yield handOver(values)` is what `coroutine.yield` does.
  readonly yieldValues: LuaFunction;
  handOver(values: LuaValue | Multi): CoroutineYield;
  /** What a resumer may send instead of values; `inspected` answers it and gives the values that are sent then. */
  readonly Inspection: new () => object;
  inspected(inspection: object): Activation;

  /** What code that may wait calls instead of `fn`, which may be a library function that takes long. */
  inTurns(fn: LuaFunction): LuaFunction;

  // Library functions that emitted code has a shorter form of.
  readonly select: LuaFunction;
  readonly setmetatable: LuaFunction;
}

/** A compiled chunk, once per artifact; `instantiate` binds it to one environment and is called per run. */
export interface CompiledChunk {
  readonly abi: typeof ABI_VERSION;
  /** Chunk name as it appears in messages, e.g. `policies/filter.lua`. */
  readonly name: string;
  /** May the top level itself suspend? */
  readonly suspends: boolean;
  instantiate(env: EnvironmentLayout): LuaFunction;
}

/** What a chunk needs of its environment. */
export interface EnvironmentLayout {
  readonly globals: TableLayout;
  /** Where methods of strings are; a table without keys when that is not simply the string library. */
  readonly stringMethods: TableLayout;
}
