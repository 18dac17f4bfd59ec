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

export interface CoroutineYield {
  readonly coroutineYield: true;
  readonly values: readonly LuaValue[];
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
  /** The string library of this environment, in which methods of strings are looked up. */
  readonly string: TableLayout;
}
