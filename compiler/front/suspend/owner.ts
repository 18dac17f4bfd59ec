/**
 * On whose behalf something is known. In a program that is analysed once everything belongs to `EVERYBODY`. A program that
 * is analysed again and again has an owner for each file, and owners for what follows from several files together: what is
 * known disappears with any of them, unless somebody else has found it too.
 */

/** Something that is done once, for the first who needs it; `undo` has to take back what `body` did not do by way of the flow. */
export class Need {
  owner: Owner | undefined;
  others: Set<Owner> | undefined;
  readonly body: () => void;
  readonly undo: (() => void) | undefined;

  constructor(body: () => void, undo?: () => void) {
    this.body = body;
    this.undo = undo;
  }
}

export class Owner {
  readonly #ground: Ground | undefined;
  /** The files it consists of: itself alone when it is one. */
  readonly files: readonly Owner[];
  readonly id: number;
  alive = true;
  /** Owners that this one is a part of. */
  readonly compounds: Owner[] = [];
  readonly #unions = new Map<Owner, Owner>();
  /** What it has found first, for `Flow.end`: pairs of place and value, of start and end of an edge. */
  arrivals: unknown[] = [];
  edges: unknown[] = [];
  /** Places with watchers of its own. */
  watched: unknown[] = [];
  needs: Need[] = [];
  memberships: (() => void)[] = [];
  /** Lists of those who have found something too, in which it stands. */
  also: Set<Owner>[] = [];

  constructor(id: number, ground: Ground | undefined, files?: readonly Owner[]) {
    this.id = id;
    this.#ground = ground;
    this.files = files ?? [this];
  }

  /** Who owns what follows from what this and the other one own. */
  with(other: Owner): Owner {
    if (other === this || other === EVERYBODY) return this;
    if (this === EVERYBODY) return other;
    let union = this.#unions.get(other);
    if (union === undefined || !union.alive) {
      union = (this.#ground as Ground).union(this, other);
      this.#unions.set(other, union);
    }
    return union;
  }

  clear(): void {
    this.arrivals = [];
    this.edges = [];
    this.watched = [];
    this.needs = [];
    this.memberships = [];
    this.also = [];
    this.#unions.clear();
  }

  /** Does it end whenever the other one ends? */
  endsWith(other: Owner): boolean {
    if (other === this || other === EVERYBODY) return true;
    return other.files.every((file) => this.files.includes(file));
  }
}

/** Owns what is always there. */
export const EVERYBODY = new Owner(0, undefined, []);

/** Thrown when a program is such that it has to be analysed anew after each change. */
export class NotIncremental {}

/** More owners than this would take more memory than analysing anew is worth. */
const MOST_OWNERS = 30_000;

/** All owners of a program. */
export class Ground {
  #last = 0;
  #count = 0;
  readonly #byFiles = new Map<string, Owner>();

  file(): Owner {
    return new Owner(++this.#last, this);
  }

  union(one: Owner, other: Owner): Owner {
    const files = [...new Set([...one.files, ...other.files])].sort((a, b) => a.id - b.id);
    const key = files.map(({ id }) => id).join(' ');
    const known = files.length === 1 ? files[0] : this.#byFiles.get(key);
    if (known !== undefined) return known;
    if (++this.#count > MOST_OWNERS) throw new NotIncremental();
    const made = new Owner(++this.#last, this, files);
    this.#byFiles.set(key, made);
    for (const file of files) file.compounds.push(made);
    return made;
  }

  /** Marks a file, and all owners that it is a part of, as ended; returns them. */
  end(file: Owner): readonly Owner[] {
    const ended = [file, ...file.compounds.filter(({ alive }) => alive)];
    for (const owner of ended) {
      owner.alive = false;
      for (const list of owner.also) list.delete(owner);
      if (owner !== file) this.#forget(owner);
    }
    return ended;
  }

  #forget(owner: Owner): void {
    this.#count--;
    this.#byFiles.delete(owner.files.map(({ id }) => id).join(' '));
    for (const part of owner.files) {
      const at = part.compounds.indexOf(owner);
      if (part.alive && at >= 0) part.compounds.splice(at, 1);
    }
  }
}
