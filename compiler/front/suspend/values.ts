/** What the analysis follows through a program: functions, and the objects whose fields hold functions. */
import type { HostFunction } from '../../../runtime/contract/host.ts';
import type { FunctionLike } from '../ast.ts';
import type { Place as FlowPlace } from './flow.ts';
import type { Need } from './owner.ts';

/** A Lua function, or the top level of a chunk. */
export interface LuaCode {
  readonly kind: 'lua';
  readonly node: FunctionLike;
  readonly params: readonly Place[];
  /** Extra arguments. */
  readonly rest: Place;
  /** All results of all `return`s together. */
  readonly result: Place;
}

/** A function of the manifest. */
export interface HostCode {
  readonly kind: 'host';
  readonly name: string;
  /** Whose function it is: a library, a module, a kind of userdata. Together with the name it says which function. */
  readonly owner: string;
  /** `base`, a library of Lua (`string`), or empty for host modules, whose data flow follows from their types alone. */
  readonly library: string;
  /** More than one where the manifest has the name more than once. */
  readonly declarations: readonly HostFunction[];
}

/** A function that exists only at run time. */
export interface Opaque {
  readonly kind: 'opaque';
  /**
   * `unknown code`: made by `load`. `wrapped`: made by `coroutine.wrap`. `host closure`: returned by a host function.
   * `iterator`: made by `pairs` and its like, never suspends.
   */
  readonly what: 'unknown code' | 'wrapped' | 'host closure' | 'iterator';
  readonly result: Place;
}

/** A field of an object that the program reads or stores somewhere. */
export interface FieldName {
  readonly kind: 'field';
  readonly name: string;
  readonly place: Place;
}

/** A place that is filled when somebody asks for it. */
export interface Asked {
  readonly place: Place;
  readonly need: Need;
}

/** All tables made at one place in the source, or one table of the host. */
export interface Thing {
  readonly kind: 'thing';
  /** `foreign`: some object of the host about which nothing is known; its fields may be any function of the manifest. */
  readonly origin: 'table' | 'library' | 'foreign';
  /** By constant string key. */
  readonly fields: Map<string, Asked>;
  /** Memos of `Heap`. */
  readonly reads: Map<string, Asked>;
  readonly handlers: Map<string, Asked>;
  /** By number. */
  readonly elements: Place;
  /** By a key that is only known at run time. */
  readonly computed: Place;
  /** All of the above. */
  readonly all: Place;
  /** What is used as key. */
  readonly keys: Place;
  readonly metatables: Place;
  /** Holds the object itself: what its handlers are called with. */
  readonly self: Place;
  /** Holds the object itself when it has keys that are known only at run time. */
  readonly openKeys: Place;
  /** Holds a `FieldName` for every field by name. */
  readonly names: Place;
}

export type Value = LuaCode | HostCode | Opaque | Thing | FieldName;
export type Place = FlowPlace<Value>;

/** Key of a read or store: a constant string, any number, or unknown. */
export type SimpleKey = { readonly name: string } | 'number' | 'any';

/** `keysOf`: the variable of a loop over all keys of these objects. */
export type Key = SimpleKey | { readonly keysOf: Place };

/** Arguments of a call: `fixed` by position, then any number of values from `rest`. */
export interface Arguments {
  readonly fixed: readonly Place[];
  readonly rest: Place | undefined;
}

export function argumentAt(args: Arguments, index: number, nothing: Place): Place {
  return args.fixed[index] ?? args.rest ?? nothing;
}

export function argumentsFrom(args: Arguments, index: number): Arguments {
  return { fixed: args.fixed.slice(index), rest: args.rest };
}

export function allArguments({ fixed, rest }: Arguments): readonly Place[] {
  return rest === undefined ? fixed : [...fixed, rest];
}
