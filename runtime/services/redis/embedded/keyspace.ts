/** Keys, values and life times of the embedded store. */
import { RedisError } from '../connection.ts';

/** The kinds of value, by the name that TYPE gives. */
interface Data {
  string: string;
  hash: Map<string, string>;
  set: Set<string>;
  list: string[];
  zset: Map<string, number>;
  /** Registers of a HyperLogLog that are not 0. */
  hyperloglog: Map<number, number>;
}

type DataType = keyof Data;

export interface Keyspace {
  /** The value of a key; `undefined` when there is none. Throws WRONGTYPE when it is of another kind. */
  get<T extends DataType>(key: string, type: T): Data[T] | undefined;
  /** The value of a key, which is created empty when there is none. Throws WRONGTYPE. */
  open<T extends Exclude<DataType, 'string'>>(key: string, type: T): Data[T];
  /** Sets a value whatever was there before; the life time stays only with `keepTtl`. */
  put<T extends DataType>(key: string, type: T, value: Data[T], keepTtl?: 'keepTtl'): void;
  /** Removes a collection that has become empty, as Redis does. */
  prune(key: string): void;
  typeOf(key: string): DataType | undefined;
  has(key: string): boolean;
  delete(key: string): boolean;
  /** Moves value and life time; false when there is no such key. */
  rename(from: string, to: string): boolean;
  /** When the key ends, in milliseconds since 1970; `undefined`: never. */
  expiry(key: string): number | undefined;
  /** Sets the end, or none with `undefined`. A moment that has passed deletes the key. False when there is no such key. */
  expireAt(key: string, moment: number | undefined): boolean;
  keys(): string[];
  now(): number;
  /** Removes expired keys that nobody asked for. */
  sweep(): void;
  clear(): void;
}

interface Entry {
  type: DataType;
  value: Data[DataType];
  expiresAt: number | undefined;
}

/** A store without a server is for trying out: it refuses to grow beyond this. */
const MOST_KEYS = 1_000_000;

const FACTORIES = {
  hash: () => new Map<string, string>(),
  set: () => new Set<string>(),
  list: (): string[] => [],
  zset: () => new Map<string, number>(),
  hyperloglog: () => new Map<number, number>(),
};

/** An empty key space; `now` in milliseconds since 1970. */
export function createKeyspace(now: () => number): Keyspace {
  const entries = new Map<string, Entry>();
  const live = (key: string): Entry | undefined => {
    const entry = entries.get(key);
    if (entry?.expiresAt === undefined || entry.expiresAt > now()) return entry;
    entries.delete(key);
    return undefined;
  };
  const get = <T extends DataType>(key: string, type: T): Data[T] | undefined => {
    const entry = live(key);
    if (entry === undefined) return undefined;
    if (!holds(entry, type)) throw new RedisError(WRONG_TYPE);
    return entry.value;
  };
  const put: Keyspace['put'] = (key, type, value, keepTtl) => {
    const before = live(key);
    if (before === undefined && entries.size >= MOST_KEYS) throw new RedisError(OUT_OF_MEMORY);
    entries.set(key, { type, value, expiresAt: keepTtl ? before?.expiresAt : undefined });
  };
  return {
    get,
    put,
    open: (key, type) => {
      const existing = get(key, type);
      if (existing !== undefined) return existing;
      const created = create(type);
      put(key, type, created);
      return created;
    },
    prune: (key) => {
      const value = entries.get(key)?.value;
      if (typeof value === 'object' && (Array.isArray(value) ? value.length : value.size) === 0) entries.delete(key);
    },
    typeOf: (key) => live(key)?.type,
    has: (key) => live(key) !== undefined,
    delete: (key) => live(key) !== undefined && entries.delete(key),
    rename: (from, to) => {
      const entry = live(from);
      if (entry === undefined) return false;
      entries.delete(from);
      entries.set(to, entry);
      return true;
    },
    expiry: (key) => live(key)?.expiresAt,
    expireAt: (key, moment) => {
      const entry = live(key);
      if (entry === undefined) return false;
      if (moment !== undefined && moment <= now()) entries.delete(key);
      else entry.expiresAt = moment;
      return true;
    },
    keys: () => [...entries.keys()].filter((key) => live(key) !== undefined),
    now,
    sweep: () => {
      for (const key of entries.keys()) live(key);
    },
    clear: () => entries.clear(),
  };
}

const WRONG_TYPE = 'WRONGTYPE Operation against a key holding the wrong kind of value';
const OUT_OF_MEMORY = "OOM command not allowed when used memory > 'maxmemory'.";

function holds<T extends DataType>(entry: Entry, type: T): entry is Entry & { value: Data[T] } {
  return entry.type === type;
}

function create<T extends keyof typeof FACTORIES>(type: T): Data[T];
function create(type: keyof typeof FACTORIES): Data[keyof typeof FACTORIES] {
  return FACTORIES[type]();
}
