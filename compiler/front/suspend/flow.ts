/**
 * Sets that grow: a place holds the values that may arrive there, an edge hands everything on, a watcher is told of each
 * value once. The fixpoint of inclusion-based points-to analysis; the order of events does not matter.
 *
 * Everything has an owner (owner.ts). When one ends, what it alone has found is taken back, and what others have found too
 * becomes theirs: the fixpoint of what is left.
 */
import { EVERYBODY, type Ground, type Need, type Owner } from './owner.ts';

type OnWork = (work: number) => void;

/** Thrown when a program is too large to be followed precisely; the caller then assumes the worst. */
export class TooMuchFlow {}

interface Watcher<Value> {
  readonly watch: (value: Value) => void;
  readonly owner: Owner;
}

export class Place<Value> {
  readonly id: number;
  /** In order of arrival; the last of them, as many as `untold` has, have not reached edges and watchers yet. */
  values: Map<Value, Owner> | undefined;
  untold: Value[] | undefined;
  /** Of `untold`, how many have been told by now. */
  told = 0;
  edges: Map<Place<Value>, Owner> | undefined;
  watchers: Watcher<Value>[] | undefined;
  /** Who else has found that a value arrives here, or that an edge leads to a place. */
  also: Map<Value | Place<Value>, Set<Owner>> | undefined;

  constructor(id: number) {
    this.id = id;
  }

  get isEmpty(): boolean {
    return this.values === undefined || this.values.size === 0;
  }
}

export class Flow<Value> {
  /** Receives nothing, ever: the value of literals and of whatever cannot be called or indexed. */
  readonly nothing = new Place<Value>(0);
  /** For whom things are being found at the moment. */
  owner: Owner = EVERYBODY;
  readonly #queue: Place<Value>[] = [];
  /** Watchers that came late, with the value they are to be told of: later, so that watchers never nest. */
  readonly #late: (readonly [Watcher<Value>, Value, Place<Value>])[] = [];
  readonly #onWork: OnWork | undefined;
  #left: number;
  #places = 0;

  /** `limit` is the amount of work (an arrival is 1) after which `TooMuchFlow` is thrown; `onWork` is told of all work. */
  constructor(limit: number, onWork?: OnWork) {
    this.#left = limit;
    this.#onWork = onWork;
  }

  /** Begins to count anew. */
  allow(limit: number): void {
    this.#left = limit;
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
    if (place === this.nothing) return;
    place.values ??= new Map();
    const { owner } = this;
    const known = place.values.get(value);
    if (known !== undefined) {
      if (known !== owner) this.#alsoAt(place, value, known);
      return;
    }
    this.spend(1);
    place.values.set(value, owner);
    if (owner !== EVERYBODY) owner.arrivals.push(place, value);
    if (place.untold === undefined) {
      place.untold = [value];
      this.#queue.push(place);
    } else place.untold.push(value);
  }

  /** Whatever arrives at `from` arrives at `to`. */
  edge(from: Place<Value>, to: Place<Value>): void {
    if (from === this.nothing || to === this.nothing || from === to) return;
    from.edges ??= new Map();
    const { owner } = this;
    const known = from.edges.get(to);
    if (known !== undefined) {
      if (known !== owner) this.#alsoAt(from, to, known);
      return;
    }
    from.edges.set(to, owner);
    if (owner !== EVERYBODY) owner.edges.push(from, to);
    if (from.values === undefined) return;
    for (const [value, found] of from.values) {
      this.owner = owner.with(found);
      this.add(to, value);
    }
    this.owner = owner;
  }

  /** Calls `watch` once for every value that is or will be at the place. */
  watch(place: Place<Value>, watch: (value: Value) => void): void {
    if (place === this.nothing) return;
    const { owner } = this;
    const watcher = { watch, owner };
    if (place.watchers === undefined) place.watchers = [watcher];
    else place.watchers.push(watcher);
    if (owner !== EVERYBODY) owner.watched.push(place);
    if (place.values === undefined) return;
    let told = place.values.size - ((place.untold?.length ?? 0) - place.told);
    for (const value of place.values.keys()) {
      if (told-- <= 0) break;
      this.#late.push([watcher, value, place]);
    }
  }

  /** What is found meanwhile stays, whoever has asked. */
  forEverybody<Result>(find: () => Result): Result {
    const { owner } = this;
    this.owner = EVERYBODY;
    const result = find();
    this.owner = owner;
    return result;
  }

  /** Does something once; if the first who needed it ends, again for another one. */
  need(need: Need): void {
    const { owner } = this;
    if (need.owner === undefined) {
      need.owner = owner;
      if (owner !== EVERYBODY) owner.needs.push(need);
      need.body();
    } else if (need.owner !== owner && !owner.endsWith(need.owner)) {
      need.others ??= new Set();
      remember(need.others, owner);
    }
  }

  /** The item stands in the collection until its owner ends. */
  own<Item>(items: { delete(item: Item): boolean }, item: Item): void {
    if (this.owner !== EVERYBODY) this.owner.memberships.push(() => items.delete(item));
  }

  #alsoAt(place: Place<Value>, what: Value | Place<Value>, known: Owner): void {
    const { owner } = this;
    if (owner.endsWith(known)) return;
    place.also ??= new Map();
    let others = place.also.get(what);
    if (others === undefined) {
      others = new Set();
      place.also.set(what, others);
    }
    remember(others, owner);
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
      if (late === undefined) break;
      const [watcher, value, at] = late;
      this.owner = watcher.owner.with(at.values?.get(value) ?? EVERYBODY);
      watcher.watch(value);
    }
    this.owner = EVERYBODY;
  }

  #tell(place: Place<Value>): void {
    const { untold = [] } = place;
    while (place.told < untold.length) {
      const value = untold[place.told++] as Value;
      const found = place.values?.get(value) ?? EVERYBODY;
      if (place.edges !== undefined) {
        for (const [to, owner] of place.edges) {
          this.owner = owner.with(found);
          this.add(to, value);
        }
      }
      // A watcher that is added meanwhile is told of this value as a late one.
      const watchers = place.watchers ?? [];
      for (let index = 0, count = watchers.length; index < count; index++) {
        const { watch, owner } = watchers[index] as Watcher<Value>;
        this.owner = owner.with(found);
        watch(value);
      }
    }
    place.untold = undefined;
    place.told = 0;
  }

  /** Takes back what files have found, alone or with others. Only when everything has settled; settle again afterwards. */
  end(files: readonly Owner[], ground: Ground): void {
    const again: (() => void)[] = [];
    const ended = files.flatMap((file) => ground.end(file));
    for (const owner of ended) {
      this.#forgetArrivals(owner, again);
      this.#forgetEdges(owner, again);
      this.#forgetNeeds(owner, again);
      for (const place of new Set(owner.watched as Place<Value>[])) {
        place.watchers = place.watchers?.filter((watcher) => watcher.owner.alive);
      }
      for (const leave of owner.memberships) leave();
      owner.clear();
    }
    for (const find of again) find();
    this.owner = EVERYBODY;
  }

  #forgetNeeds({ needs }: Owner, again: (() => void)[]): void {
    for (const need of needs) {
      need.owner = undefined;
      need.undo?.();
      this.#handOn(need.others, again, () => this.need(need));
    }
  }

  #forgetArrivals({ arrivals }: Owner, again: (() => void)[]): void {
    for (let at = 0; at < arrivals.length; at += 2) {
      const [place, value] = [arrivals[at] as Place<Value>, arrivals[at + 1] as Value];
      place.values?.delete(value);
      this.#handOn(place.also?.get(value), again, () => this.add(place, value));
    }
  }

  #forgetEdges({ edges }: Owner, again: (() => void)[]): void {
    for (let at = 0; at < edges.length; at += 2) {
      const [from, to] = [edges[at] as Place<Value>, edges[at + 1] as Place<Value>];
      from.edges?.delete(to);
      this.#handOn(from.also?.get(to), again, () => this.edge(from, to));
    }
  }

  /** For each of the others who are still there once all have been told. */
  #handOn(others: ReadonlySet<Owner> | undefined, again: (() => void)[], find: () => void): void {
    if (others === undefined || others.size === 0) return;
    const list = [...others];
    again.push(() => {
      for (const owner of list) {
        if (!owner.alive) continue;
        this.owner = owner;
        find();
      }
    });
  }
}

function remember(others: Set<Owner>, owner: Owner): void {
  if (others.has(owner)) return;
  others.add(owner);
  owner.also.push(others);
}
