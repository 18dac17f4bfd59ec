/**
 * Sets that grow: a place holds the values that may arrive there, an edge hands everything on, a watcher is told of each
 * value once. The fixpoint of inclusion-based points-to analysis; the order of events does not matter.
 */

type OnWork = (work: number) => void;

/** Thrown when a program is too large to be followed precisely; the caller then assumes the worst. */
export class TooMuchFlow {}

export class Place<Value> {
  readonly id: number;
  readonly values = new Set<Value>();
  /** The same values in order of arrival; the first `told` of them have reached edges and watchers. */
  readonly arrived: Value[] = [];
  told = 0;
  edges: Set<Place<Value>> | undefined;
  watchers: ((value: Value) => void)[] | undefined;

  constructor(id: number) {
    this.id = id;
  }
}

export class Flow<Value> {
  /** Receives nothing, ever: the value of literals and of whatever cannot be called or indexed. */
  readonly nothing = new Place<Value>(0);
  readonly #queue: Place<Value>[] = [];
  /** Watchers that came late, with the value they are to be told of: later, so that watchers never nest. */
  readonly #late: (readonly [(value: Value) => void, Value])[] = [];
  readonly #onWork: OnWork | undefined;
  #left: number;
  #places = 0;

  /** `limit` is the amount of work (an arrival is 1) after which `TooMuchFlow` is thrown; `onWork` is told of all work. */
  constructor(limit: number, onWork?: OnWork) {
    this.#left = limit;
    this.#onWork = onWork;
  }

  /** Counts work against the limit. */
  spend(work: number): void {
    this.#left -= work;
    this.#onWork?.(work);
    if (this.#left < 0) throw new TooMuchFlow();
  }

  place(...values: Value[]): Place<Value> {
    const place = new Place<Value>(++this.#places);
    for (const value of values) this.add(place, value);
    return place;
  }

  add(place: Place<Value>, value: Value): void {
    if (place === this.nothing || place.values.has(value)) return;
    this.spend(1);
    place.values.add(value);
    if (place.told === place.arrived.push(value) - 1) this.#queue.push(place);
  }

  /** Whatever arrives at `from` arrives at `to`. */
  edge(from: Place<Value>, to: Place<Value>): void {
    if (from === this.nothing || to === this.nothing || from === to) return;
    from.edges ??= new Set();
    if (from.edges.has(to)) return;
    from.edges.add(to);
    for (const value of from.arrived) this.add(to, value);
  }

  /** Calls `watch` once for every value that is or will be at the place. */
  watch(place: Place<Value>, watch: (value: Value) => void): void {
    if (place === this.nothing) return;
    place.watchers ??= [];
    place.watchers.push(watch);
    for (let index = 0; index < place.told; index++) this.#late.push([watch, place.arrived[index] as Value]);
  }

  /** Runs until nothing moves any more. */
  settle(): void {
    for (;;) {
      const place = this.#queue.pop();
      if (place !== undefined) {
        this.#tell(place);
        continue;
      }
      const late = this.#late.pop();
      if (late === undefined) return;
      late[0](late[1]);
    }
  }

  #tell(place: Place<Value>): void {
    const { arrived } = place;
    while (place.told < arrived.length) {
      const value = arrived[place.told++] as Value;
      for (const to of place.edges ?? []) this.add(to, value);
      // A watcher that is added meanwhile is told of this value as a late one.
      const watchers = place.watchers ?? [];
      for (let index = 0, count = watchers.length; index < count; index++) watchers[index]?.(value);
    }
  }
}
