/** Values that outlive scripts and the process, as the module `storage` of gopher-lua-libs. */
import {
  type Argument,
  any,
  argumentError,
  chargeMemory,
  defineModule,
  error,
  io,
  LuaTable,
  type LuaValue,
  noResults,
  type Outcome,
  pure,
  rawSet,
  result,
  results2,
  type Steps,
  str,
  tableFromArray,
  toUtf8String,
  trailing,
  truncate,
  UserdataKind,
  waitFor,
} from '../host/index.ts';
import { decodeText, JsonError } from './gll-json/decode.ts';
import { COMPACT, encodeValue } from './gll-json/encode.ts';
import { openStore, type Store } from './gll-storage/store.ts';
import { fileFailure } from './go/file-errors.ts';
import { closeWhenForgotten, isClosed } from './go/forgotten.ts';

/** A script's hold on a store. */
class Handle {
  readonly store: Store;
  readonly path: string;
  private isOpen = true;

  constructor(store: Store, path: string) {
    this.store = store;
    this.path = path;
    closeWhenForgotten(this, () => store.leave());
  }

  leave(): void {
    if (!this.isOpen) return;
    this.isOpen = false;
    isClosed(this);
    this.store.leave();
  }
}

const handles = new UserdataKind<Handle>('storage_ud');

/** Whole seconds; 0 stands for no limit. */
const TTL = Object.freeze<Argument<number>>({
  name: 'ttl',
  type: 'integer',
  optional: true,
  variadic: false,
  take: (value, slot) => {
    if (value === undefined) return 0;
    if (typeof value !== 'number') return argumentError(slot.index, slot.functionName, 'must be integer or nil');
    return Number.isFinite(value) ? truncate(value) : 0;
  },
});

function decode(json: string): LuaValue {
  chargeMemory(json.length);
  return decodeText(json, () => new LuaTable());
}

async function sync({ store, path }: Handle): Promise<Outcome> {
  try {
    await store.sync();
    return [];
  } catch (thrown) {
    return fileFailure(thrown, 'open', path);
  }
}

async function close(handle: Handle): Promise<Outcome> {
  handle.leave();
  return sync(handle);
}

handles.has({
  set: pure(
    {
      doc: 'Keep a value under a key, for some seconds or without a limit; nothing on success.',
      args: [handles.self(), str('key'), any('value'), TTL],
      returns: [error],
    },
    ({ store }, key, value, ttl) => {
      try {
        return store.set(key, encodeValue(value, COMPACT), ttl) ?? noResults();
      } catch (thrown) {
        if (thrown instanceof JsonError) return thrown.message;
        throw thrown;
      }
    },
  ),
  get: pure(
    {
      doc: 'A copy of the value of a key, and whether there is one.',
      args: [handles.self(), str('key')],
      returns: [result('value', 'any'), result('found', 'boolean?'), error],
    },
    ({ store }, key) => {
      const json = store.get(key);
      return json === undefined ? results2(undefined, false) : results2(decode(json), true);
    },
  ),
  keys: pure(
    {
      doc: 'All keys; expired ones are listed until the next sync.',
      args: [handles.self()],
      returns: [result('keys', 'table')],
    },
    ({ store }) => tableFromArray(store.keys()),
  ),
  dump: pure(
    { doc: 'All live values by their keys.', args: [handles.self()], returns: [result('values', 'table?'), error] },
    ({ store }) => {
      const values = new LuaTable();
      for (const [key, { json }] of store.live()) rawSet(values, key, decode(json));
      return values;
    },
  ),
  sync: io(
    { doc: 'Drop what has expired and write the file; nothing on success.', args: [handles.self()], returns: [error] },
    (_call, self) => sync(self),
  ),
  close: io(
    { doc: 'Write the file and let the store go; the handle stays usable.', args: [handles.self()], returns: [error] },
    (_call, self) => close(self),
  ),
});

function* open(path: string, driver: string): Steps<Outcome> {
  if (driver !== 'memory') return [undefined, 'driver not found'];
  try {
    return handles.make(new Handle(yield* waitFor(openStore(toUtf8String(path))), path));
  } catch (thrown) {
    if (thrown instanceof JsonError) return [undefined, thrown.message];
    return [undefined, fileFailure(thrown, 'open', path)];
  }
}

export default defineModule({
  name: 'nauthilus_gll_storage',
  requires: ['storage'],
  classes: 'all',
  doc: 'Keys and values in a JSON file, shared by all scripts. What was set is on the disk when sync or close returns.',
  userdata: [handles],
  globals: () => ({ storage_ud: handles.metatable() }),
  functions: {
    open: io(
      {
        doc: 'Open the store in a file, which is made if it is missing; the only driver is `memory`.',
        args: [str('path'), trailing(str('driver'))],
        returns: [result('storage', `${handles.name}?`), error],
      },
      (_call, path, driver = 'memory') => open(path, driver),
    ),
  },
});
