/** The fields of all objects: what reads find and stores leave, through tables of `__index` and `__newindex`. */
import type { Flow } from './flow.ts';
import { EVERYBODY, Need } from './owner.ts';
import type { Arguments, Asked, Key, Place, SimpleKey, Thing, Value } from './values.ts';

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
      openKeys: flow.place(),
      names: flow.place(),
    };
    flow.add(thing.self, thing);
    flow.edge(thing.elements, thing.all);
    flow.edge(thing.computed, thing.all);
    flow.edge(this.everywhere, thing.all);
    if (origin !== 'table') flow.add(thing.openKeys, thing);
    return thing;
  }

  /** Where values stored under a key of this object arrive. */
  field(thing: Thing, key: SimpleKey): Place {
    if (key === 'number') return thing.elements;
    if (key === 'any') return thing.computed;
    return this.#ask(thing.fields, key.name, (place) => {
      this.#flow.edge(place, thing.all);
      this.#flow.add(thing.names, { kind: 'field', name: key.name, place });
    });
  }

  /** The place of this name, which is filled when the first one asks. */
  #ask(places: Map<string, Asked>, name: string, fill: (place: Place) => void): Place {
    let asked = places.get(name);
    if (asked === undefined) {
      const place = this.#flow.place();
      asked = { place, need: new Need(() => fill(place)) };
      places.set(name, asked);
    }
    this.#flow.need(asked.need);
    return asked.place;
  }

  /** Calls `watch` once for every field by name that the object has or will have. */
  eachField(thing: Thing, watch: (name: string, place: Place) => void): void {
    this.#flow.watch(thing.names, (field) => {
      if (field.kind === 'field') watch(field.name, field.place);
    });
  }

  /** The keys that a key may be, each once. */
  #eachKey(key: Key, visit: (key: SimpleKey) => void): void {
    if (typeof key === 'string' || 'name' in key) {
      visit(key);
      return;
    }
    const names = new Needs<string>();
    const open = new Need(() => visit('any'));
    visit('number');
    this.#flow.watch(key.keysOf, (source) => {
      if (source.kind !== 'thing') return;
      this.eachField(source, (name) => this.#flow.need(names.of(name, () => visit({ name }))));
      this.#flow.watch(source.openKeys, () => this.#flow.need(open));
    });
  }

  /** What `object[key]` may be, metatables included. */
  read(object: Place, key: Key): Place {
    const result = this.#flow.place();
    this.readInto(object, key, result);
    return result;
  }

  readInto(object: Place, key: Key, result: Place): void {
    this.#eachKey(key, (simple) => {
      this.#flow.watch(object, (value) => {
        if (value.kind === 'thing') this.#flow.edge(this.readThing(value, simple), result);
      });
    });
  }

  readThing(thing: Thing, key: SimpleKey): Place {
    const ask = (): Place =>
      this.#ask(thing.reads, typeof key === 'string' ? key : `=${key.name}`, (place) =>
        this.#fillRead(thing, key, place),
      );
    return isAlwaysThere(thing, key) ? this.#flow.forEverybody(ask) : ask();
  }

  #fillRead(thing: Thing, key: SimpleKey, result: Place): void {
    const flow = this.#flow;
    flow.edge(this.everywhere, result);
    flow.edge(key === 'any' ? thing.all : this.field(thing, key), result);
    flow.edge(thing.computed, result);
    if (thing.origin === 'foreign') this.#addForeign(key, result);
    flow.watch(this.handlersOf(thing, '__index'), (handler) => {
      if (handler.kind === 'thing') flow.edge(this.readThing(handler, key), result);
      else this.#onHandler('__index', handler, { fixed: [thing.self], rest: undefined }, result);
    });
  }

  /** A store makes the field known even when nothing is followed that it holds. */
  store(object: Place, key: Key, value: Place): void {
    this.#eachKey(key, (simple) => {
      const seen = new Needs<Thing>();
      this.#flow.watch(object, (target) => {
        if (target.kind === 'thing') this.#storeThing(target, simple, value, seen);
      });
    });
  }

  /** `for k, v in pairs(source) do object[k] = v end`: every value keeps its name. */
  copy(source: Place, object: Place): void {
    this.#flow.watch(source, (thing) => {
      if (thing.kind !== 'thing') return;
      this.eachField(thing, (name, place) => this.store(object, { name }, place));
      this.store(object, 'number', thing.elements);
      this.#flow.watch(thing.openKeys, () => this.store(object, 'any', thing.computed));
      if (thing.origin === 'foreign') this.store(object, 'any', thing.self);
    });
  }

  /** `object[k] = source[k]` with the same variable `k` of a loop over the keys of `keysOf`. */
  copyKeys(keysOf: Place, source: Place, object: Place): void {
    this.#eachKey({ keysOf }, (key) => this.store(object, key, this.read(source, key)));
  }

  /** A field of a table constructor: no metatable can be in the way. */
  initialise(thing: Thing, key: Key, value: Place): void {
    this.#eachKey(key, (simple) => this.#put(thing, simple, value));
  }

  #put(thing: Thing, key: SimpleKey, value: Place): void {
    this.#flow.edge(value, this.field(thing, key));
    if (key === 'any') this.#flow.add(thing.openKeys, thing);
  }

  #storeThing(thing: Thing, key: SimpleKey, value: Place, seen: Needs<Thing>): void {
    this.#flow.need(seen.of(thing, () => this.#storeFirst(thing, key, value, seen)));
  }

  #storeFirst(thing: Thing, key: SimpleKey, value: Place, seen: Needs<Thing>): void {
    const flow = this.#flow;
    this.#put(thing, key, value);
    if (value === flow.nothing) return;
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
    return this.#ask(thing.handlers, event, (place) => this.#collectHandlers(thing.metatables, event, place));
  }

  /** What any of these metatables holds for an event. */
  handlers(metatables: Place, event: string): Place {
    const result = this.#flow.place();
    this.#collectHandlers(metatables, event, result);
    return result;
  }

  #collectHandlers(metatables: Place, event: string, result: Place): void {
    const flow = this.#flow;
    flow.watch(metatables, (value) => {
      if (value.kind !== 'thing') return;
      flow.edge(this.field(value, { name: event }), result);
      flow.edge(value.computed, result);
    });
  }

  #addForeign(key: SimpleKey, result: Place): void {
    this.#flow.add(result, this.foreign);
    const name = typeof key === 'string' ? undefined : key.name;
    for (const value of key === 'number' ? [] : this.#foreignFields(name)) this.#flow.add(result, value);
  }
}

/**
 * A field of the host: what it gives does not depend on who asks, and all programs that do not ask are the same with it.
 * Otherwise a change of the first file that asks would touch all files.
 */
function isAlwaysThere({ origin, fields }: Thing, key: SimpleKey): boolean {
  if (origin === 'table' || typeof key === 'string') return false;
  return origin === 'foreign' || fields.get(key.name)?.need.owner === EVERYBODY;
}

/** What is done once for each key. */
class Needs<Item> {
  readonly #needs = new Map<Item, Need>();

  of(item: Item, body: () => void): Need {
    let need = this.#needs.get(item);
    if (need === undefined) {
      need = new Need(body);
      this.#needs.set(item, need);
    }
    return need;
  }
}
