/** What the analysis follows through a program: functions, and the objects whose fields hold functions. */
import type { HostFunction } from '../../../runtime/contract/host.ts';
import type { FunctionLike } from '../ast.ts';
import type { Flow, Place as FlowPlace } from './flow.ts';

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

/** All tables made at one place in the source, or one table of the host. */
export interface Thing {
  readonly kind: 'thing';
  /** `foreign`: some object of the host about which nothing is known; its fields may be any function of the manifest. */
  readonly origin: 'table' | 'library' | 'foreign';
  /** By constant string key. */
  readonly fields: Map<string, Place>;
  /** Memos of `Heap`. */
  readonly reads: Map<string, Place>;
  readonly handlers: Map<string, Place>;
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
}

export type Value = LuaCode | HostCode | Opaque | Thing;
export type Place = FlowPlace<Value>;

/** Key of a read or store: a constant string, any number, or unknown. */
export type Key = { readonly name: string } | 'number' | 'any';

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

/** Called for a handler that is not a table: what it is called with, and where its result goes. */
export type OnHandler = (event: '__index' | '__newindex', handler: Value, args: Arguments, result: Place) => void;

/** Fields of all objects. Reads and stores follow the tables of `__index` and `__newindex`. */
export class Heap {
  readonly #flow: Flow<Value>;
  /** Arrives at every read: functions of code that the analysis does not see. */
  readonly everywhere: Place;
  readonly foreign: Thing;
  /** All metatables there are. */
  readonly metatables: Place;
  readonly #foreignFields: (name: string | undefined) => readonly Value[];
  readonly #onHandler: OnHandler;

  /** `foreignFields` gives what a field of an unknown host object may be; without name: a computed key. */
  constructor(flow: Flow<Value>, foreignFields: (name: string | undefined) => readonly Value[], onHandler: OnHandler) {
    this.#flow = flow;
    this.#foreignFields = foreignFields;
    this.#onHandler = onHandler;
    this.everywhere = flow.place();
    this.metatables = flow.place();
    this.foreign = this.thing('foreign');
  }

  thing(origin: Thing['origin']): Thing {
    const flow = this.#flow;
    const thing: Thing = {
      kind: 'thing',
      origin,
      fields: new Map(),
      reads: new Map(),
      handlers: new Map(),
      elements: flow.place(),
      computed: flow.place(),
      all: flow.place(),
      keys: flow.place(),
      metatables: flow.place(),
      self: flow.place(),
    };
    flow.add(thing.self, thing);
    flow.edge(thing.elements, thing.all);
    flow.edge(thing.computed, thing.all);
    flow.edge(this.everywhere, thing.all);
    return thing;
  }

  /** Where values stored under a key of this object arrive. */
  field(thing: Thing, key: Key): Place {
    if (key === 'number') return thing.elements;
    if (key === 'any') return thing.computed;
    let place = thing.fields.get(key.name);
    if (place === undefined) {
      place = this.#flow.place();
      thing.fields.set(key.name, place);
      this.#flow.edge(place, thing.all);
    }
    return place;
  }

  /** What `object[key]` may be, metatables included. */
  read(object: Place, key: Key): Place {
    const result = this.#flow.place();
    this.readInto(object, key, result);
    return result;
  }

  readInto(object: Place, key: Key, result: Place): void {
    this.#flow.watch(object, (value) => {
      if (value.kind === 'thing') this.#flow.edge(this.readThing(value, key), result);
    });
  }

  readThing(thing: Thing, key: Key): Place {
    const memo = typeof key === 'string' ? key : `=${key.name}`;
    const known = thing.reads.get(memo);
    if (known !== undefined) return known;
    const flow = this.#flow;
    const result = flow.place();
    thing.reads.set(memo, result);
    flow.edge(this.everywhere, result);
    flow.edge(key === 'any' ? thing.all : this.field(thing, key), result);
    flow.edge(thing.computed, result);
    if (thing.origin === 'foreign') this.#addForeign(key, result);
    flow.watch(this.handlersOf(thing, '__index'), (handler) => {
      if (handler.kind === 'thing') flow.edge(this.readThing(handler, key), result);
      else this.#onHandler('__index', handler, { fixed: [thing.self], rest: undefined }, result);
    });
    return result;
  }

  store(object: Place, key: Key, value: Place): void {
    if (value === this.#flow.nothing) return;
    const seen = new Set<Thing>();
    this.#flow.watch(object, (target) => {
      if (target.kind === 'thing') this.#storeThing(target, key, value, seen);
    });
  }

  #storeThing(thing: Thing, key: Key, value: Place, seen: Set<Thing>): void {
    if (seen.has(thing)) return;
    seen.add(thing);
    const flow = this.#flow;
    flow.edge(value, this.field(thing, key));
    flow.watch(this.handlersOf(thing, '__newindex'), (handler) => {
      if (handler.kind === 'thing') this.#storeThing(handler, key, value, seen);
      else {
        const args = { fixed: [thing.self, flow.nothing, value], rest: undefined };
        this.#onHandler('__newindex', handler, args, flow.nothing);
      }
    });
  }

  setMetatable(object: Place, metatable: Place): void {
    this.#flow.edge(metatable, this.metatables);
    this.#flow.watch(object, (value) => {
      if (value.kind === 'thing') this.#flow.edge(metatable, value.metatables);
    });
  }

  /** What the metatables of an object hold for an event. */
  handlersOf(thing: Thing, event: string): Place {
    let place = thing.handlers.get(event);
    if (place === undefined) {
      place = this.handlers(thing.metatables, event);
      thing.handlers.set(event, place);
    }
    return place;
  }

  /** What any of these metatables holds for an event. */
  handlers(metatables: Place, event: string): Place {
    const flow = this.#flow;
    const result = flow.place();
    flow.watch(metatables, (value) => {
      if (value.kind !== 'thing') return;
      flow.edge(this.field(value, { name: event }), result);
      flow.edge(value.computed, result);
    });
    return result;
  }

  #addForeign(key: Key, result: Place): void {
    this.#flow.add(result, this.foreign);
    const name = typeof key === 'string' ? undefined : key.name;
    for (const value of key === 'number' ? [] : this.#foreignFields(name)) this.#flow.add(result, value);
  }
}
