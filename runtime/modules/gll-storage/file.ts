/** The file of a store: `{"data":{"key":{"value":"base64 of JSON","max_valid_at":unix nanoseconds}}}`. */
import { randomBytes } from 'node:crypto';
import { closeSync, fsyncSync, openSync, renameSync, rmSync, writeSync } from 'node:fs';
import { open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import {
  fromBuffer,
  fromUtf8,
  LuaTable,
  type LuaValue,
  rawGet,
  entries as tableEntries,
  toUtf8String,
} from '../../host/index.ts';
import { decodeText, JsonError } from '../gll-json/decode.ts';

export interface Entry {
  /** JSON, as a byte string. */
  readonly json: string;
  /** Unix nanoseconds. */
  readonly validUntil: bigint;
}

export type Entries = Map<string, Entry>;

/** Throws `JsonError` for what is no store. */
export function parseStore(bytes: string): Entries {
  const objects = new WeakSet<LuaTable>();
  const makeObject = (): LuaTable => {
    const made = new LuaTable();
    objects.add(made);
    return made;
  };
  const objectOf = (value: LuaValue, type: string): LuaTable | undefined => {
    if (value === undefined) return undefined;
    if (value instanceof LuaTable && objects.has(value)) return value;
    throw new JsonError(`json: cannot unmarshal ${kindOf(value)} into Go value of type ${type}`);
  };
  const root = objectOf(decodeText(bytes, makeObject), 'storage.Storage');
  const data = root && objectOf(rawGet(root, 'data'), 'map[string]*storage.storageValue');
  const found: Entries = new Map();
  for (const [key, value] of data === undefined ? [] : tableEntries(data)) {
    const fields = objectOf(value, 'storage.storageValue');
    if (fields !== undefined && typeof key === 'string') found.set(key, entryOf(fields));
  }
  return found;
}

function kindOf(value: LuaValue): string {
  if (typeof value === 'boolean') return 'bool';
  return value instanceof LuaTable ? 'array' : typeof value;
}

function entryOf(fields: LuaTable): Entry {
  const value = rawGet(fields, 'value');
  const until = rawGet(fields, 'max_valid_at');
  const json = typeof value === 'string' ? fromBuffer(Buffer.from(value, 'base64')) : 'null';
  return { json, validUntil: typeof until === 'number' ? BigInt(Math.trunc(until)) : 0n };
}

export function storeText(entries: Entries): string {
  const members = [...entries].map(([key, { json, validUntil }]) => {
    const value = Buffer.from(json, 'latin1').toString('base64');
    return `${JSON.stringify(toUtf8String(key))}:{"value":"${value}","max_valid_at":${validUntil}}`;
  });
  return fromUtf8(`{"data":{${members.join(',')}}}`);
}

/** A name of its own for every writer: two processes that share a store must not share what is half written. */
function temporaryName(path: string): string {
  return `${path}.${process.pid}-${randomBytes(4).toString('hex')}.tmp`;
}

/** When this resolves the file is on the disk as a whole; before that the old one is. */
export async function replaceFile(path: string, text: string): Promise<void> {
  const temporary = temporaryName(path);
  try {
    const file = await open(temporary, 'wx', 0o644);
    try {
      await file.writeFile(text, 'latin1');
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporary, path);
  } catch (thrown) {
    await rm(temporary, { force: true });
    throw thrown;
  }
  await syncFolder(dirname(path));
}

/** The new name is safe only when the folder is; not all file systems can do that. */
async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, 'r');
  await folder.sync().catch(() => undefined);
  await folder.close();
}

/** The same for the end of the process, when nothing can wait any more. */
export function replaceFileNow(path: string, text: string): void {
  const temporary = temporaryName(path);
  try {
    const descriptor = openSync(temporary, 'wx', 0o644);
    writeSync(descriptor, text, null, 'latin1');
    fsyncSync(descriptor);
    closeSync(descriptor);
    renameSync(temporary, path);
  } catch {
    // There is nobody left to tell.
    rmSync(temporary, { force: true });
  }
}
