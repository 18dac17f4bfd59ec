/** Lua values for other scripts, and back. Tables are copied: no two scripts ever share one. */
import {
  callValue,
  chargeMemory,
  currentTask,
  entries,
  first,
  LuaTable,
  type LuaValue,
  portableCode,
  raise,
  rawSet,
} from '../engine/api.ts';
import { Channel, type Parcel, ParcelCode, ParcelTable } from '../services/index.ts';
import { loadInto } from './beside.ts';
import { channels } from './channel-kind.ts';
import { finish, type Steps } from './drive.ts';

/** Nesting beyond this is an error. */
const DEEPEST = 200;
/** Rough size of an entry, for the memory budget. */
const BYTES_PER_ENTRY = 64;

/** `refuse` raises the error for what cannot be sent; what is inside tables loses its metatables. */
export function toParcel(value: LuaValue, refuse: (value: LuaValue) => never): Parcel {
  const made = new Map<LuaTable, ParcelTable>();
  const convert = (each: LuaValue, depth: number): Parcel => {
    if (each === undefined || typeof each === 'boolean' || typeof each === 'number' || typeof each === 'string') {
      return each;
    }
    if (typeof each === 'function') {
      const code = portableCode(each);
      return code === undefined ? refuse(each) : new ParcelCode(code.source, code.chunkName);
    }
    if (each instanceof LuaTable) return table(each, depth);
    return channels.open(each) ?? refuse(each);
  };
  const table = (each: LuaTable, depth: number): ParcelTable => {
    const known = made.get(each);
    if (known !== undefined) return known;
    if (depth > DEEPEST) raise('table is nested too deep');
    const parcel = new ParcelTable();
    made.set(each, parcel);
    for (const [key, item] of entries(each)) {
      chargeMemory(BYTES_PER_ENTRY);
      parcel.entries.push([convert(key, depth + 1), convert(item, depth + 1)]);
    }
    return parcel;
  };
  return convert(value, 1);
}

/** Functions are made anew in the running environment. */
export function* fromParcel(parcel: Parcel): Steps<LuaValue> {
  const made = new Map<ParcelTable, LuaTable>();
  function* convert(each: Parcel): Steps<LuaValue> {
    if (each instanceof ParcelTable) return yield* table(each);
    if (each instanceof ParcelCode) {
      return first(yield* finish(callValue(loadInto(currentTask().env, each), [])));
    }
    return each instanceof Channel ? channels.make(each) : each;
  }
  function* table(each: ParcelTable): Steps<LuaTable> {
    const known = made.get(each);
    if (known !== undefined) return known;
    const copy = new LuaTable();
    made.set(each, copy);
    for (const [key, value] of each.entries) rawSet(copy, yield* convert(key), yield* convert(value));
    return copy;
  }
  return yield* convert(parcel);
}
