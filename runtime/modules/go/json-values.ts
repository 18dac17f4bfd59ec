/** JSON of other systems as JavaScript values that have been checked, and as Lua values. */
import { fromUtf8, LuaTable, type LuaValue, rawSet, tableFromArray, toUtf8String } from '../../host/index.ts';

export type JsonValue = null | boolean | number | string | readonly JsonValue[] | JsonObject;

export interface JsonObject {
  readonly [name: string]: JsonValue;
}

/** `bytes` is UTF-8. Throws what `JSON.parse` throws. */
export function parseJson(bytes: string): JsonValue {
  return JSON.parse(toUtf8String(bytes));
}

export function isJsonObject(value: JsonValue | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Lists lose their nulls, as in the module `json`. */
export function luaOfJson(value: JsonValue): LuaValue {
  if (value === null) return undefined;
  if (typeof value === 'string') return fromUtf8(value);
  if (typeof value !== 'object') return value;
  if (isJsonObject(value)) return luaOfObject(value);
  return tableFromArray(value.filter((each) => each !== null).map(luaOfJson));
}

function luaOfObject(value: JsonObject): LuaTable {
  const table = new LuaTable();
  for (const [name, each] of Object.entries(value)) {
    if (each !== null) rawSet(table, fromUtf8(name), luaOfJson(each));
  }
  return table;
}
