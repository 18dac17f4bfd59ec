/**
 * What emitted code and the engine both know: values, results, waits, sites and the shape of a compiled chunk.
 * Types and constants only; behaviour lives in `runtime/engine`. Layout and reasons: docs/architecture.md.
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

export type LuaResult = LuaValue | Multi | Activation;

/** A running call that may wait: yields waits, is resumed with their outcome, returns its results. */
export type Activation = Generator<Wait, LuaValue | Multi, unknown>;

/** What travels up the `yield*` chain: a promise of the host, or the yield of a Lua coroutine (only inside one). */
export type Wait = Promise<unknown> | CoroutineYield;

export interface CoroutineYield {
  readonly coroutineYield: true;
  readonly values: readonly LuaValue[];
}

/** String keys of a table: an ordinary object in V8's fast mode; keys that look like integers never live here. */
export type StringPart = Record<string, LuaValue>;

/** See runtime/engine/table.ts for the invariants. `a[0]` is a filler, element i is `a[i]`, gaps hold `undefined`. */
export interface TableLayout {
  h: StringPart;
  a: LuaValue[];
  mt: MetaLayout;
  m: Map<LuaValue, LuaValue> | null;
  x: object | null;
}

/** The never-null metatable descriptor: its fields say what an access has to do. */
export interface MetaLayout {
  readonly ix: TableLayout;
  readonly c: StringPart;
  readonly leaf: boolean;
  readonly ni: object | null;
  readonly nih: object | null;
}

/** Userdata, coroutines and other engine objects: same guard fields as a table, so emitted fast paths stay safe. */
export interface ObjectLayout {
  readonly h: StringPart;
  readonly a: LuaValue[];
  readonly mt: MetaLayout;
}

/** Index into the program-wide list of sites: where an operation that can fail stands, and what it names. */
export type Site = number;

/** One operation that can fail: line in the Lua file, what kind of name the operand has, and the name itself. */
export interface SiteInfo {
  readonly line: number;
  readonly kind: 'local' | 'upvalue' | 'global' | 'field' | 'method' | 'constant' | '';
  readonly name: string;
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
}
