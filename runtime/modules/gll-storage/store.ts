/** A store in memory and on the disk; one per path and process, shared by all scripts. */
import { resolve } from 'node:path';
import { fromBuffer } from '../../host/index.ts';
import { readWholeFile } from '../../services/index.ts';
import { errorCode } from '../go/file-errors.ts';
import { type Entries, parseStore, replaceFile, replaceFileNow, storeText } from './file.ts';

/** Changes are written this long after the first of them, unless somebody asks for it earlier. */
const SAVE_AFTER_MS = 1000;
/** A store that nobody has open is forgotten this long after it was saved. */
const FORGET_AFTER_MS = 60_000;
/** Of all entries together; a store is held in memory and written as a whole, and outlives the scripts that fill it. */
const MOST_BYTES = 64 * 1024 * 1024;
/** A full store is not searched more often for what has expired. */
const DROP_EVERY_MS = 1000;
const BYTES_PER_ENTRY = 100;
const NANOSECONDS = 1_000_000_000n;
/** What the reference adds for entries without a limit: about 59 years. */
const FOREVER = BigInt.asIntN(64, 10n ** 22n);
const LAST_MOMENT = 2n ** 63n - 1n;

function now(): bigint {
  return BigInt(Date.now()) * 1_000_000n;
}

function sizeOf(key: string, json: string): number {
  return BYTES_PER_ENTRY + key.length + json.length;
}

export class Store {
  private readonly path: string;
  private readonly entries: Entries;
  private size: number;
  private droppedAt = 0;
  private isDirty = false;
  private timer: NodeJS.Timeout | undefined;
  private saving: Promise<void> = Promise.resolve();
  /** How many handles there are. */
  users = 0;

  constructor(path: string, entries: Entries) {
    this.path = path;
    this.entries = entries;
    this.size = [...entries].reduce((sum, [key, { json }]) => sum + sizeOf(key, json), 0);
  }

  /** `seconds` of 0 and less are no limit. Returns why it cannot be kept. */
  set(key: string, json: string, seconds: number): string | undefined {
    const wanted = seconds > 0 ? now() + BigInt(seconds) * NANOSECONDS : now() + FOREVER;
    const isFull = this.size + sizeOf(key, json) > MOST_BYTES;
    if (isFull && Date.now() - this.droppedAt > DROP_EVERY_MS) this.dropExpired();
    const old = this.entries.get(key);
    const size = this.size + sizeOf(key, json) - (old === undefined ? 0 : sizeOf(key, old.json));
    if (size > MOST_BYTES && size > this.size) return `the store has more than ${MOST_BYTES} bytes`;
    this.size = size;
    this.entries.set(key, { json, validUntil: wanted > LAST_MOMENT ? LAST_MOMENT : wanted });
    this.isDirty = true;
    this.saveSoon();
    return undefined;
  }

  private dropExpired(): void {
    this.droppedAt = Date.now();
    const moment = now();
    for (const [key, { json, validUntil }] of this.entries) {
      if (validUntil > moment) continue;
      this.entries.delete(key);
      this.size -= sizeOf(key, json);
    }
  }

  /** The JSON of a live entry. */
  get(key: string): string | undefined {
    const entry = this.entries.get(key);
    return entry !== undefined && entry.validUntil > now() ? entry.json : undefined;
  }

  /** Expired ones too, until the next sync. */
  keys(): string[] {
    return [...this.entries.keys()];
  }

  live(): Entries {
    const moment = now();
    return new Map([...this.entries].filter(([, { validUntil }]) => validUntil > moment));
  }

  /** Drops what is expired. When it resolves all that was set before is on the disk. */
  async sync(): Promise<void> {
    this.dropExpired();
    this.isDirty = true;
    await this.save();
  }

  /** One writer at a time, each with all that is there when its turn comes. */
  private save(): Promise<void> {
    const turn = this.saving.then(async () => {
      if (!this.isDirty) return;
      this.isDirty = false;
      try {
        await replaceFile(this.path, storeText(this.live()));
      } catch (thrown) {
        this.isDirty = true;
        throw thrown;
      }
    });
    this.saving = turn.catch(() => undefined);
    return turn;
  }

  private saveSoon(): void {
    if (this.timer !== undefined) return;
    this.timer = setTimeout(() => {
      this.timer = undefined;
      // The next sync or the next change tries again; a script that wants to know calls sync.
      this.save().catch(() => undefined);
    }, SAVE_AFTER_MS);
    this.timer.unref();
  }

  saveNow(): void {
    if (this.isDirty) replaceFileNow(this.path, storeText(this.live()));
  }

  leave(): void {
    this.users -= 1;
    if (this.users > 0) return;
    setTimeout(() => forget(this.path, this), FORGET_AFTER_MS).unref();
  }
}

/** Process-wide: what a script stores outlives it, and two handles of a path are one store. */
const stores = new Map<string, Promise<Store>>();
const opened = new Set<Store>();
let savesAtExit = false;

function forget(path: string, store: Store): void {
  if (store.users > 0) return;
  stores.delete(path);
  opened.delete(store);
  store.saveNow();
}

/** Throws errors of the file system, and `JsonError`. */
export async function openStore(name: string): Promise<Store> {
  const path = resolve(name);
  let opening = stores.get(path);
  if (opening === undefined) {
    opening = readStore(path);
    stores.set(path, opening);
    opening.catch(() => stores.delete(path));
  }
  const store = await opening;
  store.users += 1;
  return store;
}

async function readStore(path: string): Promise<Store> {
  const bytes = await readWholeFile(path).catch((thrown: unknown) => {
    if (errorCode(thrown) === 'ENOENT') return undefined;
    throw thrown;
  });
  const store = new Store(path, bytes === undefined ? new Map() : parseStore(fromBuffer(bytes)));
  await store.sync();
  opened.add(store);
  if (!savesAtExit) {
    savesAtExit = true;
    process.once('exit', () => {
      for (const each of opened) each.saveNow();
    });
  }
  return store;
}
