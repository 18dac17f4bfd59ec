/**
 * Values that scripts keep in the process beyond a login: an addition to the reference, in the manner of its later versions.
 * Bounded in entries and bytes: what has not been used for longest goes first. Values are copies of Lua values, never shared.
 */
import type { HostValue } from '../login/script-state.ts';
import type { Clock } from './clock.ts';

/** A value that cannot be kept; the message is meant for the script. */
export class ScriptCacheError extends Error {}

/** Keys are byte strings; a time to live is in seconds, and anything that is not above 0 means no end. */
export interface ScriptCache {
  /** Null where there is nothing. */
  get(key: string): HostValue;
  /** Null deletes. Throws ScriptCacheError when the value alone is larger than the cache. */
  set(key: string, value: HostValue, ttl: number): void;
  /** Replaces a value that is there and keeps its end; otherwise like `set` without one. */
  replace(key: string, value: HostValue): void;
  /** Was it there? */
  delete(key: string): boolean;
  /** Appends to a list that is made if need be; its new length. Throws ScriptCacheError when the value is no list. */
  push(key: string, value: HostValue): number;
  /** What `push` has collected, and the list is gone. */
  popAll(key: string): readonly HostValue[];
  /** In the order in which they were last used. */
  keys(): readonly string[];
  clear(): void;
  /** Other limits from now on; what is too much for them goes. */
  limit(limits: ScriptCacheLimits): void;
}

export interface ScriptCacheLimits {
  readonly maxEntries: number;
  readonly maxBytes: number;
}

interface Entry {
  value: HostValue;
  bytes: number;
  /** On the monotonic clock, in milliseconds. */
  readonly expires: number;
}

/** Rough costs of an entry and of an element in memory. */
const BYTES_PER_ENTRY = 128;
const BYTES_PER_ELEMENT = 48;

export function createScriptCache(limits: ScriptCacheLimits, clock: Clock): ScriptCache {
  return new BoundedCache(limits, clock);
}

class BoundedCache implements ScriptCache {
  #limits: ScriptCacheLimits;
  readonly #clock: Clock;
  /** The least recently used first. */
  readonly #entries = new Map<string, Entry>();
  #bytes = 0;

  constructor(limits: ScriptCacheLimits, clock: Clock) {
    this.#limits = limits;
    this.#clock = clock;
  }

  get(key: string): HostValue {
    return this.#use(key)?.value ?? null;
  }

  set(key: string, value: HostValue, ttl: number): void {
    const expires = ttl > 0 ? this.#clock.monotonic() + ttl * 1000 : Number.POSITIVE_INFINITY;
    this.#put(key, value, expires);
  }

  replace(key: string, value: HostValue): void {
    this.#put(key, value, this.#use(key)?.expires ?? Number.POSITIVE_INFINITY);
  }

  delete(key: string): boolean {
    const entry = this.#use(key);
    if (entry !== undefined) this.#drop(key, entry);
    return entry !== undefined;
  }

  push(key: string, value: HostValue): number {
    const entry = this.#use(key);
    const list = entry === undefined ? new Map<number, HostValue>() : entry.value;
    if (!(list instanceof Map) || (list.size > 0 && !list.has(list.size))) {
      throw new ScriptCacheError('the value under this key is not a list');
    }
    // The list is the cache's own: whoever gets it gets a copy.
    list.set(list.size + 1, value);
    const added = sizeOf(value) + BYTES_PER_ELEMENT;
    if (entry === undefined) {
      this.#put(key, list, Number.POSITIVE_INFINITY);
      return list.size;
    }
    if (entry.bytes + added > this.#limits.maxBytes) {
      list.delete(list.size);
      throw tooLarge(this.#limits);
    }
    entry.bytes += added;
    this.#bytes += added;
    this.#makeRoom();
    return list.size;
  }

  popAll(key: string): readonly HostValue[] {
    const list = this.get(key);
    this.delete(key);
    return list instanceof Map ? [...list.values()] : [];
  }

  keys(): readonly string[] {
    const now = this.#clock.monotonic();
    for (const [key, entry] of this.#entries) if (entry.expires <= now) this.#drop(key, entry);
    return [...this.#entries.keys()];
  }

  clear(): void {
    this.#entries.clear();
    this.#bytes = 0;
  }

  limit(limits: ScriptCacheLimits): void {
    this.#limits = limits;
    this.#makeRoom();
  }

  /** The entry, if it has not expired, as the one that was used last. */
  #use(key: string): Entry | undefined {
    const entry = this.#entries.get(key);
    if (entry === undefined) return undefined;
    this.#entries.delete(key);
    if (entry.expires <= this.#clock.monotonic()) {
      this.#bytes -= entry.bytes;
      return undefined;
    }
    this.#entries.set(key, entry);
    return entry;
  }

  #put(key: string, value: HostValue, expires: number): void {
    const bytes = BYTES_PER_ENTRY + key.length + sizeOf(value);
    if (bytes > this.#limits.maxBytes) throw tooLarge(this.#limits);
    const old = this.#entries.get(key);
    if (old !== undefined) this.#drop(key, old);
    if (value === null) return;
    this.#entries.set(key, { value, bytes, expires });
    this.#bytes += bytes;
    this.#makeRoom();
  }

  #makeRoom(): void {
    for (const [key, entry] of this.#entries) {
      if (this.#entries.size <= this.#limits.maxEntries && this.#bytes <= this.#limits.maxBytes) return;
      this.#drop(key, entry);
    }
  }

  #drop(key: string, entry: Entry): void {
    this.#entries.delete(key);
    this.#bytes -= entry.bytes;
  }
}

function tooLarge({ maxBytes }: ScriptCacheLimits): ScriptCacheError {
  return new ScriptCacheError(`the value is larger than the cache (${maxBytes} bytes)`);
}

/** Copies are at most 200 tables deep, so this ends. */
function sizeOf(value: HostValue): number {
  if (typeof value === 'string') return value.length;
  if (value === null || typeof value !== 'object') return 8;
  let bytes = BYTES_PER_ELEMENT;
  for (const [key, each] of value) bytes += BYTES_PER_ELEMENT + sizeOf(key) + sizeOf(each);
  return bytes;
}
