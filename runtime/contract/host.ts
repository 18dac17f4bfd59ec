/**
 * Host modules as data: what the compiler's suspension analysis, the argument checks, `nauthilus check`, the stubs and
 * the reference pages derive from. Built by `runtime/host/manifest.ts`.
 */

/** In which stage of a login a script runs; decides which modules it may load. */
export type ScriptClass = 'init' | 'callback' | 'feature' | 'backend' | 'filter' | 'action';

export const SCRIPT_CLASSES: readonly ScriptClass[] = ['init', 'callback', 'feature', 'backend', 'filter', 'action'];

/**
 * `sync` never waits; `io` may wait for the host; `callback` calls functions it was given (directly or as metamethod) and waits
 * exactly when they do; `yields` is a suspending primitive of coroutines (`coroutine.yield`);
 * `resumes` runs another coroutine's body and waits when that waits for the host (`coroutine.resume`, the wrapped function).
 */
export type HostColour = 'sync' | 'io' | 'callback' | 'yields' | 'resumes';

export interface HostParameter {
  readonly name: string;
  /** Lua-side type as in a LuaLS annotation: `string`, `number`, `integer`, `boolean`, `table`, `function`, `any` or a userdata name. */
  readonly type: string;
  readonly optional: boolean;
  readonly variadic: boolean;
}

export interface HostResult {
  readonly name: string;
  readonly type: string;
}

export interface HostFunction {
  /** Name of the field through which Lua calls it (`redis_get`), or of the method on userdata (`format`). */
  readonly name: string;
  readonly colour: HostColour;
  readonly params: readonly HostParameter[];
  readonly returns: readonly HostResult[];
  /** May make functions that it is given anew, in other environments or threads: the compiler then keeps their Lua text. */
  readonly startsCode?: boolean;
  readonly doc: string;
}

/** A value that is no function: beside the functions of a module, or read as a field of userdata. */
export interface HostField {
  readonly name: string;
  readonly type: string;
  readonly doc: string;
}

export interface HostUserdata {
  readonly name: string;
  readonly methods: readonly HostFunction[];
  readonly fields?: readonly HostField[];
}

export interface HostModule {
  /** Name given to `dynamic_loader`. */
  readonly loader: string;
  /** Names given to `require`. */
  readonly requires: readonly string[];
  readonly classes: readonly ScriptClass[];
  readonly functions: readonly HostFunction[];
  readonly fields?: readonly HostField[];
  readonly userdata: readonly HostUserdata[];
  readonly doc: string;
}

/** A table that scripts of one class find in their globals. */
export interface HostGlobalTable {
  readonly name: string;
  /** Further names of the same table. */
  readonly aliases: readonly string[];
  readonly scriptClass: ScriptClass;
  readonly functions: readonly HostFunction[];
  readonly constants: Readonly<Record<string, number>>;
  readonly userdata: readonly HostUserdata[];
  readonly doc: string;
}

/** Everything Lua code can call that is not Lua: the standard library, globals of the script classes, and modules. */
export interface HostManifest {
  /** Functions of the standard library and other globals, by their last name (`pcall`, `sort`, `dynamic_loader`). */
  readonly globals: readonly HostFunction[];
  readonly modules: readonly HostModule[];
}
